import { randomUUID } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError } from "@/lib/core/errors";
import { bytesOf } from "./encode";

/** Characters that are turned into bytes at once, and bytes that are read back at once. */
const CHUNK = 64 * 1024;
/** Bytes that are held before a file is made: most sidecars never need one. */
const HELD = 1_000_000;

/**
 * Text that waits until it can be written, as bytes in the order it came: a little of it in memory, the rest in a file of the
 * temporary folder that has no name any more, so that it goes with the process however that ends.
 */
export class Spool {
  private lines: string[] = [];
  private length = 0;
  private chunks: Buffer[] = [];
  private held = 0;
  private file: FileHandle | null = null;

  /** @throws AppError internal when the temporary folder takes no more */
  async add(line: string): Promise<void> {
    this.lines.push(line);
    this.length += line.length;
    if (this.length < CHUNK) return;
    this.take();
    if (this.held >= HELD) await this.flush();
  }

  /** All of it, once; nothing may be added afterwards. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    this.take();
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

  private take(): void {
    if (this.length === 0) return;
    const bytes = bytesOf(this.lines);
    [this.lines, this.length] = [[], 0];
    this.chunks.push(bytes);
    this.held += bytes.length;
  }

  private async flush(): Promise<void> {
    try {
      this.file ??= await nameless();
      const waiting = Buffer.concat(this.chunks);
      await this.file.appendFile(waiting);
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
