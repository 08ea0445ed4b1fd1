import { once } from "node:events";
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import pg from "pg";

/** `pg` can end a COPY; its types do not say so. */
type Ending = pg.Connection & { endCopyFrom(): void };

/** What psql's `\copy … from` does: the bytes of a file through a client's connection, as they are. */
class FileIn implements pg.Submittable {
  private failed = false;
  constructor(
    private readonly into: string,
    private readonly file: string,
    private readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`copy ${this.into} from stdin`);
  }
  handleCopyInResponse(connection: Ending): void {
    void this.send(connection);
  }
  private async send(connection: Ending): Promise<void> {
    const { stream } = connection;
    for await (const chunk of createReadStream(this.file, { highWaterMark: 256 * 1024 })) {
      const bytes: Buffer = chunk;
      const head = Buffer.alloc(5);
      head.write("d");
      head.writeInt32BE(bytes.length + 4, 1);
      stream.cork();
      stream.write(head);
      stream.write(bytes);
      stream.uncork();
      if (stream.writableNeedDrain) await once(stream, "drain");
    }
    connection.endCopyFrom();
  }
  handleError(error: Error): void {
    this.failed = true;
    this.done(error);
  }
  handleReadyForQuery(): void {
    if (!this.failed) this.done(null);
  }
  handleCommandComplete(): void {}
}

/** Copies a file, as COPY wrote it, into a table. */
export function copyFile(client: pg.Client, into: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new FileIn(into, file, (error) => (error ? reject(error) : resolve())));
  });
}

/** What psql's `\copy … to` does: each line that comes through a client's connection is written to a file. */
class FileOut implements pg.Submittable {
  private failed = false;
  constructor(
    private readonly query: string,
    private readonly file: number,
    private readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`${this.query} to stdout`);
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    writeSync(this.file, chunk);
  }
  handleError(error: Error): void {
    this.failed = true;
    this.done(error);
  }
  handleReadyForQuery(): void {
    if (!this.failed) this.done(null);
  }
  handleCommandComplete(): void {}
}

/** Writes what a `copy (…)` gives to a file. */
export async function copyToFile(client: pg.Client, query: string, file: string): Promise<void> {
  const out = openSync(file, "w");
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(new FileOut(query, out, (error) => (error ? reject(error) : resolve())));
    });
  } finally {
    closeSync(out);
  }
}
