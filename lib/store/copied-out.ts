import type pg from "pg";

/** What `pg` hands on of a `COPY … TO STDOUT`; its types do not say so. */
type CopyData = { chunk: Buffer };

/**
 * One `COPY … TO STDOUT`, as `pg` runs a query that takes its own answers: bytes as the database sent them, without a string
 * made of each field first.
 */
export class CopyOut implements pg.Submittable {
  private readonly chunks: Buffer[] = [];
  private failed = false;
  constructor(
    private readonly query: string,
    private readonly done: (error: Error | null, bytes: Buffer) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`copy (${this.query}) to stdout (format binary)`);
  }
  handleCopyData({ chunk }: CopyData): void {
    // Its buffer is written over by what comes next.
    this.chunks.push(Buffer.from(chunk));
  }
  handleError(error: Error): void {
    this.failed = true;
    this.done(error, Buffer.alloc(0));
  }
  handleReadyForQuery(): void {
    if (!this.failed) this.done(null, Buffer.concat(this.chunks));
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
