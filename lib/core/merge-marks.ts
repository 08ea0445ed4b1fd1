import type { ExampleMark } from "./dataset-store";

/** What stands at one place of two datasets: an example of one, or the same one of both. */
export type Meeting =
  { a: ExampleMark; b: ExampleMark } | { a: ExampleMark; b: null } | { a: null; b: ExampleMark };

/** Which of two marks comes first, 0 where they are of the same example. No state comes after every state. */
export function compareMarks(a: ExampleMark, b: ExampleMark): number {
  const byState = (a.importantState ?? Infinity) - (b.importantState ?? Infinity);
  // Two without a state are Infinity - Infinity, not a number.
  const order = a.trajectoryId - b.trajectoryId || (Number.isNaN(byState) ? 0 : byState);
  if (order !== 0 || a.importantState !== null) return order;
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
}

/** Two datasets side by side, each read once and in order: no more than one mark of each is held. */
export async function* mergeMarks(
  left: AsyncIterable<ExampleMark>,
  right: AsyncIterable<ExampleMark>,
): AsyncGenerator<Meeting> {
  const [as, bs] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  const next = async (from: AsyncIterator<ExampleMark>) => {
    const { done, value } = await from.next();
    return done ? null : value;
  };
  try {
    for (let [a, b] = [await next(as), await next(bs)]; a !== null || b !== null;) {
      const order = a === null ? 1 : b === null ? -1 : compareMarks(a, b);
      if (order === 0 && a !== null && b !== null) {
        yield { a, b };
        [a, b] = [await next(as), await next(bs)];
      } else if (order < 0 && a !== null) {
        yield { a, b: null };
        a = await next(as);
      } else if (b !== null) {
        yield { a: null, b };
        b = await next(bs);
      }
    }
  } finally {
    await Promise.all([as.return?.(), bs.return?.()]);
  }
}
