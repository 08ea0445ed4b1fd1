/**
 * Texts as a stream of bytes, pulled one by one, so that a slow reader holds nothing in memory. The first is made before
 * this answers: what cannot begin is an error with a status, not a stream that breaks off.
 */
export async function lineStream(texts: AsyncIterable<string>): Promise<ReadableStream<Uint8Array>> {
  const iterator = texts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let first: IteratorResult<string> | null = await iterator.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = first ?? (await iterator.next());
      first = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
