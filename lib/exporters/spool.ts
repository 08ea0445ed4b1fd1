import { randomUUID } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError } from "@/lib/core/errors";
import { Packer } from "./encode";

/** Bytes that are read back at once. */
const CHUNK = 256 * 1024;
/** Bytes that are held before a file is made, and again while it is: most sidecars never need one. */
const HELD = 1_000_000;

/**
 * Text that waits until it can be written, as bytes in the order it came: a little of it in memory, the rest in a file of the
 * temporary folder that has no name any more, so that it goes with the process however that ends.
 */
export class Spool {
  private packer = new Packer();
  private chunks: Buffer[] = [];
  private held = 0;
  private file: FileHandle | null = null;
  private writing = Promise.resolve();

  /** @param end what the line is ended with */
  add(line: string, end: string): void {
    for (const chunk of this.packer.add(line, end) ?? []) this.take(chunk);
  }

  addBytes(bytes: Buffer): void {
    for (const chunk of this.packer.addBytes(bytes) ?? []) this.take(chunk);
  }

  /** Whoever adds awaits this now and then: only here does what is held become less. @throws AppError internal when the temporary folder takes no more */
  async settle(): Promise<void> {
    // Once there is a file, what is full goes there at once: held longer, it would outlive the collector's quick passes.
    if (this.held <= (this.file ? 0 : HELD)) return;
    await this.writing;
    this.writing = this.flush();
    // Its failure is for who settles next, or reads.
    this.writing.catch(() => {});
  }

  /** All of it, once; nothing may be added afterwards. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of this.packer.rest()) this.take(chunk);
    await this.writing;
    if (this.file) yield* this.file.createReadStream({ start: 0, highWaterMark: CHUNK, autoClose: false });
    yield* this.chunks;
  }

  async close(): Promise<void> {
    await this.writing.catch(() => {});
    await this.file?.close();
    this.file = null;
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
  }

  private async flush(): Promise<void> {
    const { chunks } = this;
    [this.chunks, this.held] = [[], 0];
    try {
      this.file ??= await nameless();
      for (const chunk of chunks) await this.file.appendFile(chunk);
    } catch (cause) {
      throw new AppError("internal", `the temporary folder ${tmpdir()} takes no more of this export`, {
        fix: "free space there, or start Gleaner with TMPDIR set to a folder that has some",
        cause,
      });
    }
  }
}

async function nameless(): Promise<FileHandle> {
  const name = path.join(tmpdir(), `gleaner-${randomUUID()}`);
  const file = await open(name, "wx+", 0o600);
  await unlink(name);
  return file;
}
