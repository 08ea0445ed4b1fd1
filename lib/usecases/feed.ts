/** Something that is read again and again while anybody follows it, once for all who do. */
export interface Feed<T> {
  /** Calls `listener` with what is known at once, and whenever it changed. @returns a function that leaves */
  follow(id: number, listener: FeedListener<T>): () => void;
}
export type FeedListener<T> = { changed: (value: T) => void; failed: (error: unknown) => void };

type Line<T> = { listeners: Set<FeedListener<T>>; last: { value: T; text: string } | null; stopped: boolean };

/**
 * One reader per id in this process, however many follow it; the last one to leave stops it. A read that fails ends the
 * line for everybody, who may follow anew.
 */
export function createFeed<T>(read: (id: number) => Promise<T>, everyMs: number): Feed<T> {
  const lines = new Map<number, Line<T>>();

  async function run(id: number, line: Line<T>): Promise<void> {
    while (!line.stopped) {
      try {
        const value = await read(id);
        const text = JSON.stringify(value);
        if (text !== line.last?.text) {
          line.last = { value, text };
          for (const listener of [...line.listeners]) listener.changed(value);
        }
      } catch (error) {
        stop(id, line);
        for (const listener of [...line.listeners]) listener.failed(error);
      }
      if (!line.stopped) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  function stop(id: number, line: Line<T>): void {
    line.stopped = true;
    if (lines.get(id) === line) lines.delete(id);
  }

  return {
    follow(id, listener) {
      const found = lines.get(id);
      const line: Line<T> = found ?? { listeners: new Set(), last: null, stopped: false };
      line.listeners.add(listener);
      if (line.last) listener.changed(line.last.value);
      if (!found) {
        lines.set(id, line);
        void run(id, line);
      }
      return () => {
        line.listeners.delete(listener);
        if (line.listeners.size === 0) stop(id, line);
      };
    },
  };
}

const BEAT_MS = 15_000;

/**
 * What a feed says of one id as server-sent events, until `isLast` of a value or the signal fires. A comment now and then
 * keeps the connection open. A read that fails ends the stream: the browser comes back by itself.
 */
export function eventStream<T>(
  feed: Feed<T>,
  id: number,
  isLast: (value: T) => boolean,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let open = true;
  let leave = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (text: string) => (open ? controller.enqueue(encoder.encode(text)) : undefined);
      const beat = setInterval(() => say(": here\n\n"), BEAT_MS);
      let unfollow = () => {};
      leave = () => {
        clearInterval(beat);
        unfollow();
        if (open) controller.close();
        open = false;
      };
      signal.addEventListener("abort", () => leave(), { once: true });
      unfollow = feed.follow(id, {
        changed(value) {
          say(`data: ${JSON.stringify(value)}\n\n`);
          if (!isLast(value)) return;
          say("event: over\ndata: {}\n\n");
          leave();
        },
        failed: () => leave(),
      });
      // The first value may have been the last one, heard before there was anything to leave.
      if (!open) unfollow();
      if (signal.aborted) leave();
    },
    cancel() {
      // Closed already, by its reader.
      open = false;
      leave();
    },
  });
}
