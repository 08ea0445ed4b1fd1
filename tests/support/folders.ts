import type { FolderFile } from "@/lib/exporters/zip";

/** Bytes of a stream, all of them. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stream as text. */
export const textOf = async (stream: AsyncIterable<Uint8Array>): Promise<string> =>
  (await bytesOf(stream)).toString("utf8");

/** A folder's files by their path, in order. */
export async function filesOf(files: AsyncIterable<FolderFile>): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for await (const { path, bytes } of files) found.set(path, await bytesOf(bytes));
  return found;
}
