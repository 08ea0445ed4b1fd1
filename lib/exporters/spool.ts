import { randomUUID } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError } from "@/lib/core/errors";
import { Packer } from "./encode";

/** Bytes that are read back at once. */
const CHUNK = 256 * 1024;
/** Bytes that are held before a file is made: most sidecars never need one. */
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

  add(line: string): void {
    for (const chunk of this.packer.add(line)) this.take(chunk);
  }

  /** Whoever adds awaits this now and then: only here does what is held become less. @throws AppError internal when the temporary folder takes no more */
  async settle(): Promise<void> {
    if (this.held >= HELD) await this.flush();
  }

  /** All of it, once; nothing may be added afterwards. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of this.packer.rest()) this.take(chunk);
    if (this.file) {
      await this.flush();
      for (let position = 0; ;) {
        const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    }
    yield* this.chunks;
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
  }

  private async flush(): Promise<void> {
    try {
      this.file ??= await nameless();
      for (const chunk of this.chunks) await this.file.appendFile(chunk);
      [this.chunks, this.held] = [[], 0];
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
