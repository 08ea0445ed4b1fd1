"use client";
/**
 * `AlignedSteps`: two or three ways on from one place, side by side, a row per step; what differs is marked: the first side's
 * from the next that has a step there, the others' from the first. Only the rows in sight are in the page.
 */
import { memo, type ReactNode } from "react";
import type { StepText } from "@/lib/core/review-rows";
import { cx } from "@/components/ui/class-names";
import { Skeleton } from "@/components/ui/skeleton";
import { VirtualList } from "@/components/ui/virtual-list";
import { MarkedText } from "./marked-text";
import { TextBlock } from "./text-block";

export type AlignedStep = Pick<StepText, "observation" | "thought" | "action">;

/** One way on. */
export type Side = {
  name: string;
  /** Its outcome, reward and length; why it is not there. */
  about: ReactNode;
  /** The number of its first step here. */
  from: number;
  /** How many steps it has from there on. */
  count: number;
  /** The step of a row; undefined while it is loaded. */
  step: (row: number) => AlignedStep | undefined;
  /** What stands at the head of a row's step. */
  head: (row: number) => ReactNode;
  /** What was seen after its last step; null where it was not recorded. */
  ending: string | null;
};

const GUESSED_HEIGHT = 170;

export function AlignedSteps(props: {
  sides: Side[];
  thoughts: boolean;
  /** The row that is marked as the place on the page; -1 for none. */
  current: number;
  reveal: { get: () => number; subscribe: (changed: () => void) => () => void };
  /** Brings that row into view again when it changes. */
  revealAgain: unknown;
  /** Told which rows are in sight, `to` exclusive. */
  onSight: (from: number, to: number) => void;
}) {
  const { sides, thoughts, current, reveal, revealAgain, onSight } = props;
  // A way on that is not there only says why: the others get its room.
  const widths = sides.map(({ count, ending }) => `minmax(0, ${count > 0 || ending !== null ? "3" : "1"}fr)`);
  const columns = { gridTemplateColumns: widths.join(" ") };
  // A row more than the longest has: how it ended.
  const rows = Math.max(...sides.map(({ count }) => count)) + 1;
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="grid shrink-0 gap-2 border-b border-line py-2 pr-4 pl-2" style={columns}>
        {sides.map(({ name, about }) => (
          <div key={name} className="min-w-0 px-1">
            <h2 className="text-sm font-medium text-ink">{name}</h2>
            <div className="text-xs text-ink-2">{about}</div>
          </div>
        ))}
      </div>
      <VirtualList
        count={rows}
        guessedHeight={GUESSED_HEIGHT}
        onSight={onSight}
        reveal={reveal}
        revealAgain={revealAgain}
        render={(row) => (
          <div className="grid items-start gap-2" style={columns}>
            {sides.map((side, i) => (
              <Cell
                key={side.name}
                side={side}
                row={row}
                against={besideOf(sides, i, row)}
                thoughts={thoughts}
                current={i === 0 && row === current}
              />
            ))}
          </div>
        )}
      />
    </div>
  );
}

/** The step that a side's step is marked against; null where there is none. */
function besideOf(sides: Side[], at: number, row: number): AlignedStep | null {
  const others = at === 0 ? sides.slice(1) : sides.slice(0, 1);
  const other = others.find(({ count }) => row < count);
  return other?.step(row) ?? null;
}

function Cell(props: {
  side: Side;
  row: number;
  against: AlignedStep | null;
  thoughts: boolean;
  current: boolean;
}) {
  const { side, row, against, thoughts, current } = props;
  if (row > side.count || (row === side.count && side.ending === null)) return <div />;
  if (row === side.count)
    return (
      <section
        aria-label={`${side.name}, how it ended`}
        className="rounded border border-dashed border-line-strong px-2.5 py-2"
      >
        <p className="text-xs font-medium text-ink-3">How it ended</p>
        <TextBlock text={side.ending ?? ""} className="font-mono text-xs leading-[18px] text-ink-2" />
      </section>
    );
  const step = side.step(row);
  return (
    <section
      aria-label={`${side.name}, step ${side.from + row}`}
      aria-busy={step === undefined}
      className={cx("rounded border bg-surface px-2.5 py-2", current ? "border-accent" : "border-line")}
    >
      <header className="mb-1.5 flex min-h-5 flex-wrap items-center gap-2 text-sm font-semibold text-ink-3">
        {side.from + row}
        {side.head(row)}
      </header>
      {step ? (
        <Step step={step} against={against} thoughts={thoughts} />
      ) : (
        <Skeleton className="h-14 w-full" />
      )}
    </section>
  );
}

const Step = memo(function Step(props: {
  step: AlignedStep;
  against: AlignedStep | null;
  thoughts: boolean;
}) {
  const { step, against, thoughts } = props;
  return (
    <div className="flex flex-col gap-2">
      {step.observation === "" ? null : (
        <div className="rounded-sm bg-sunken px-2 py-1.5 text-ink-2">
          <span className="sr-only">Observation: </span>
          <MarkedText
            text={step.observation}
            against={against?.observation ?? null}
            className="font-mono text-xs leading-[18px]"
          />
        </div>
      )}
      {step.thought && thoughts ? <TextBlock text={step.thought} className="text-sm text-ink-2" /> : null}
      <div className="flex items-start gap-1.5 font-mono text-sm text-ink">
        <span aria-hidden>›</span>
        <span className="sr-only">Action: </span>
        <MarkedText
          text={step.action}
          against={against?.action ?? null}
          className="min-w-0 flex-1 font-semibold"
        />
      </div>
    </div>
  );
});
