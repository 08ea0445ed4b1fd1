import { makeZip } from "client-zip";

/** One file of a folder. Its bytes can be read once, and before the next file is asked for. */
export type FolderFile = { path: string; bytes: AsyncIterable<Uint8Array> };

/** What every file in a zip says of its age: fixed, so that the same folder gives the same bytes. Local time is what zip knows. */
const LONG_AGO = new Date(2000, 0, 1);

/**
 * A folder as a zip, uncompressed, pulled as it is read. A reader that goes away ends the files.
 * @param folder name of the folder inside the zip
 */
export function zipOf(folder: string, files: AsyncIterable<FolderFile>): ReadableStream<Uint8Array> {
  let open: AsyncIterator<Uint8Array> | null = null;
  const source = files[Symbol.asyncIterator]();
  async function* entries() {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const bytes = next.value.bytes[Symbol.asyncIterator]();
      open = bytes;
      yield {
        name: `${folder}/${next.value.path}`,
        lastModified: LONG_AGO,
        input: { [Symbol.asyncIterator]: () => bytes },
      };
    }
  }
  const reader = makeZip(entries()).getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await open?.return?.();
        await source.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
