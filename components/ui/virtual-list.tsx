"use client";
/**
 * `VirtualList`: a column of items of unknown heights that scrolls by itself; only what is in sight is in the page.
 *   render(index)  one item · onSight  told which items are in sight, `to` exclusive
 *   reveal  which item is brought into view whenever that or `revealAgain` changes; one wholly in sight stays where it is.
 *           It is followed, not handed in, so that a move draws nothing again. `anywhere` brings none.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useRef, type ReactNode } from "react";

/** What a window holds before anything is measured, as on the server. */
const FIRST_SIGHT = { width: 800, height: 900 };

export function VirtualList(props: {
  count: number;
  guessedHeight: number;
  render: (index: number) => ReactNode;
  onSight: (from: number, to: number) => void;
  reveal: { get: () => number; subscribe: (changed: () => void) => () => void };
  revealAgain: unknown;
}) {
  const { count, guessedHeight, render, onSight, reveal, revealAgain } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing it answers is handed to memoized parts
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => guessedHeight,
    initialRect: FIRST_SIGHT,
    overscan: 3,
    // What is painted next need not wait for what scrolls in: the items around are drawn already.
    useFlushSync: false,
    gap: 8,
    paddingStart: 16,
    paddingEnd: 16,
  });
  const items = virtual.getVirtualItems();
  const [from, to] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  const saw = useEffectEvent(onSight);
  useEffect(() => saw(from, to), [from, to]);
  const bring = useEffectEvent((index: number) => {
    if (!bringIntoView(scroller.current, index)) virtual.scrollToIndex(index, { align: "center" });
  });
  useEffect(() => {
    bring(reveal.get());
    return reveal.subscribe(() => bring(reveal.get()));
  }, [reveal, revealAgain]);
  return (
    <div
      ref={scroller}
      // It scrolls, so the keyboard must reach it.
      tabIndex={0}
      className="relative min-h-0 flex-1 overflow-y-auto pr-4 pl-2 contain-content"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => (
          <div
            key={key}
            data-index={index}
            ref={virtual.measureElement}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start}px)` }}
          >
            {render(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Brings nothing into view: the beginning is where a list begins. */
export const anywhere = { get: () => 0, subscribe: () => () => undefined };

/** Moves the list only when the item is not wholly in sight, and then to a fifth from its top; false when it is not there. */
function bringIntoView(list: HTMLElement | null, index: number): boolean {
  const item = list?.querySelector(`[data-index="${index}"]`);
  if (!item || !list) return false;
  const [at, frame] = [item.getBoundingClientRect(), list.getBoundingClientRect()];
  if (at.top >= frame.top + 8 && at.bottom <= frame.bottom - 8) return true;
  const room = Math.max(12, Math.min(frame.height / 5, frame.height - at.height - 12));
  list.scrollTop += at.top - frame.top - room;
  return true;
}
