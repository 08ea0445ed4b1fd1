import type pg from "pg";

/** What `pg` hands on of a `COPY … TO STDOUT`; its types do not say so. */
type CopyData = { chunk: Buffer };

/**
 * One `COPY … TO STDOUT`, as `pg` runs a query that takes its own answers: bytes as the database sent them, without a string
 * made of each field first.
 */
export class CopyOut implements pg.Submittable {
  private used = 0;
  private failed = false;
  constructor(
    private readonly query: string,
    /** Where what comes is put; a larger one takes its place where that is not enough. */
    private bytes: Buffer,
    private readonly done: (error: Error | null, bytes: Buffer) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`copy (${this.query}) to stdout (format binary)`);
  }
  handleCopyData({ chunk }: CopyData): void {
    const needed = this.used + chunk.length;
    if (needed > this.bytes.length) {
      const longer = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
      this.bytes.copy(longer, 0, 0, this.used);
      this.bytes = longer;
    }
    // Copied at once: its buffer is written over by what comes next.
    chunk.copy(this.bytes, this.used);
    this.used = needed;
  }
  handleError(error: Error): void {
    this.failed = true;
    this.done(error, Buffer.alloc(0));
  }
  handleReadyForQuery(): void {
    if (!this.failed) this.done(null, this.bytes.subarray(0, this.used));
  }
  handleCommandComplete(): void {}
}

const SIGNATURE = Buffer.from("PGCOPY\n\u00ff\r\n\0", "latin1");

/**
 * The fields of each row, as views on `copied`; null where the row has none.
 * Source: the manual of Postgres, COPY, "Binary Format".
 * @throws Error when it is not what COPY writes
 */
export function* copiedRows(copied: Buffer): Generator<(Buffer | null)[]> {
  if (!copied.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error("no binary COPY");
  let at = SIGNATURE.length + 4;
  at += 4 + copied.readUInt32BE(at);
  for (;;) {
    const fields = copied.readInt16BE(at);
    at += 2;
    if (fields === -1) return;
    const row: (Buffer | null)[] = [];
    for (let i = 0; i < fields; i++) {
      const length = copied.readInt32BE(at);
      at += 4;
      if (at + length > copied.length) throw new Error("a binary COPY that is cut off");
      row.push(length === -1 ? null : copied.subarray(at, at + length));
      if (length > 0) at += length;
    }
    yield row;
  }
}
