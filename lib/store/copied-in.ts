import type pg from "pg";

const SIGNATURE = Buffer.from("PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const END = Buffer.from([0xff, 0xff]);
const DONE = Buffer.from([0x63, 0, 0, 0, 4]);
/** Bytes of one message: the database holds one at a time. */
const CHUNK = 64 * 1024;

/**
 * One `COPY … FROM STDIN` in the binary format, as `pg` runs a query that brings its own answers. Rows are sent as they lie
 * in memory: what the database has not taken yet needs no memory beside that, and is sent on whenever it takes more.
 * Source: the manual of Postgres, "Message Formats", CopyData and CopyDone, and COPY, "Binary Format".
 */
export class CopyIn implements pg.Submittable {
  private failed = false;
  constructor(
    private readonly into: string,
    private readonly rows: Iterable<Buffer>,
    private readonly done: (error: Error | null) => void,
  ) {}

  /** All is sent at once: a database that refuses the statement passes over what follows it. */
  submit(connection: pg.Connection): void {
    const { stream } = connection;
    // That it broke, the connection tells by itself.
    if (!stream.writable) return;
    stream.cork();
    connection.query(`copy ${this.into} from stdin (format binary)`);
    for (const chunk of chunks(this.rows)) {
      stream.write(head(chunk.length));
      stream.write(chunk);
    }
    stream.write(DONE);
    stream.uncork();
  }
  handleCopyInResponse(): void {}
  handleError(error: Error): void {
    this.failed = true;
    this.done(error);
  }
  handleReadyForQuery(): void {
    if (!this.failed) this.done(null);
  }
  handleCommandComplete(): void {}
}

function* chunks(rows: Iterable<Buffer>): Generator<Buffer> {
  yield SIGNATURE;
  for (const each of rows)
    for (let from = 0; from < each.length; from += CHUNK) yield each.subarray(from, from + CHUNK);
  yield END;
}

function head(size: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write("d");
  bytes.writeInt32BE(size + 4, 1);
  return bytes;
}
