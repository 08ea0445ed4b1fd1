import type { FileHandle } from "node:fs/promises";

/** A file that never changes, and how to come by its bytes. */
type ServedFile = {
  fileName: string;
  type: string;
  bytes: number;
  /** Of all of it, in hex: its strong validator. */
  sha256: string;
  /** Opened when there is something to send, and closed when that is sent or given up. */
  open(): Promise<FileHandle>;
};

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** What part of a file is asked for: `all` of it, one range (both ends included), or one that it does not have. */
type Asked = "all" | "none" | { from: number; to: number };

/**
 * Which bytes a Range header asks for. Several ranges, and what is no range of bytes, are answered with the whole file, as
 * a server may. Source: RFC 9110, 14.1 and 14.2
 */
export function rangeIn(header: string | null, bytes: number): Asked {
  const [, first, last] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return "all";
  if (first === "") {
    const suffix = Math.min(Number(last), bytes);
    return suffix === 0 ? "none" : { from: bytes - suffix, to: bytes - 1 };
  }
  const from = Number(first);
  if (last !== "" && Number(last) < from) return "all";
  if (from >= bytes) return "none";
  return { from, to: last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}

/** Whether a list of entity tags names this one. @param weak whether one that is only equivalent will do */
function names(header: string, etag: string, weak: boolean): boolean {
  if (header.trim() === "*") return true;
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (weak ? tag.replace(/^W\//, "") : tag) === etag);
}

/**
 * A file as the answer to a GET or HEAD: whole or one range of it, 304 for who has it, 412 for who wanted another, 416 for
 * a range it does not have. Next's server takes every Content-Length away, so that only the Content-Range of a range tells
 * the size over the network. Source: RFC 9110, 13.2.2; next/dist/server/send-response.js
 */
export async function fileAnswer(request: Request, file: ServedFile): Promise<Response> {
  const { bytes, sha256, type, fileName } = file;
  const etag = `"${sha256}"`;
  const { headers: asked } = request;
  const head = {
    ETag: etag,
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
  };
  const ifMatch = asked.get("if-match");
  if (ifMatch !== null && !names(ifMatch, etag, false))
    return new Response(null, { status: 412, headers: head });
  const ifNoneMatch = asked.get("if-none-match");
  if (ifNoneMatch !== null && names(ifNoneMatch, etag, true))
    return new Response(null, { status: 304, headers: head });
  const ifRange = asked.get("if-range");
  const ranged = request.method === "GET" && (ifRange === null || ifRange.trim() === etag);
  const range = ranged ? rangeIn(asked.get("range"), bytes) : "all";
  if (range === "none")
    return new Response(null, {
      status: 416,
      headers: { ...head, "Content-Range": `bytes */${bytes}`, "Content-Length": "0" },
    });
  const { from, to } = range === "all" ? { from: 0, to: bytes - 1 } : range;
  const headers: Record<string, string> = {
    ...head,
    "Content-Type": type,
    "Content-Length": String(to - from + 1),
    "Content-Disposition": `attachment; filename="${fileName}"`,
  };
  if (range !== "all") headers["Content-Range"] = `bytes ${from}-${to}/${bytes}`;
  if (request.method === "HEAD") return new Response(null, { headers });
  const body = bytesOf(await file.open(), from, to);
  return new Response(body, { status: range === "all" ? 200 : 206, headers });
}

/** Some bytes of a file, both ends included, read as they are taken; the file is closed at the end, however that comes. */
function bytesOf(file: FileHandle, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const size = Math.min(PIECE, to + 1 - at);
          const { bytesRead, buffer } = await file.read(new Uint8Array(size), 0, size, at);
          if (bytesRead === 0) throw new Error("the file is shorter than it was");
          at += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
          if (at <= to) return;
          await file.close();
          controller.close();
        } catch (error) {
          await file.close().catch(() => undefined);
          throw error;
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}
