/**
 * Batches in order, the next one on its way while one is handed out; ends at an empty one.
 * @param batchAfter asked with the last row of the batch before, or null at the start
 * @throws whatever `batchAfter` throws, once the batches before it were handed out
 */
export async function* readAhead<T>(batchAfter: (last: T | null) => Promise<T[]>): AsyncGenerator<T[]> {
  const ask = (last: T | null) => {
    const batch = batchAfter(last);
    // Its failure is for who awaits it, which may be later than it happens.
    batch.catch(() => {});
    return batch;
  };
  let coming = ask(null);
  try {
    for (;;) {
      const batch = await coming;
      const last = batch.at(-1);
      if (last === undefined) return;
      coming = ask(last);
      yield batch;
    }
  } finally {
    // Nothing asked for outlives a reader that went away.
    await coming.catch(() => {});
  }
}
