import { centralEntry, descriptor, endOfZip, localHeader, type ZipEntry } from "./zip-records";
import { crc32 } from "./crc32";
import { Spool } from "./spool";

/** One file of a folder. Its bytes can be read once, and before the next file is asked for. */
export type FolderFile = { path: string; bytes: AsyncIterable<Uint8Array> };

/**
 * A folder as a zip, uncompressed, pulled as it is read. A reader that goes away ends the files.
 * @param folder name of the folder inside the zip
 */
export function zipOf(folder: string, files: AsyncIterable<FolderFile>): ReadableStream<Uint8Array> {
  const bytes = zipBytes(folder, files);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await bytes.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await bytes.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}

async function* zipBytes(folder: string, files: AsyncIterable<FolderFile>): AsyncGenerator<Uint8Array> {
  const directory = new Spool();
  let [count, offset, length] = [0, 0, 0];
  try {
    for await (const { path, bytes } of files) {
      const entry: ZipEntry = { name: Buffer.from(`${folder}/${path}`, "utf8"), offset, crc: 0, size: 0 };
      const header = localHeader(entry);
      yield header;
      for await (const chunk of bytes) {
        entry.crc = crc32(chunk, entry.crc);
        entry.size += chunk.byteLength;
        yield chunk;
      }
      const closing = descriptor(entry);
      yield closing;
      const listed = centralEntry(entry);
      directory.addBytes(listed);
      await directory.settle();
      count += 1;
      offset += header.length + entry.size + closing.length;
      length += listed.length;
    }
    yield* directory.bytes();
  } finally {
    await directory.close();
  }
  yield endOfZip(count, offset, length);
}
