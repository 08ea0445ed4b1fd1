import pg from "pg";
import { setTimeout as pause } from "node:timers/promises";
import { Prisma } from "./generated/client";
import { idleMs, passing, planning, sqlState, type Runs } from "./client";
import { CopyOut } from "./copied-out";

/** A value of a column as COPY takes it: what is no text is written as text. */
export type Copied = string | number | boolean | null;

/** An open transaction that can also take rows by COPY, which is several times faster than inserting them. */
export type BulkTx = Runs & { copy(into: string, rows: Iterable<Copied[]>): Promise<void> };

/** A transaction of either kind: rows are copied where it can, else inserted. */
export type Writes = Runs & Partial<Pick<BulkTx, "copy">>;

/** Connections for writing and reading much at once, beside Prisma's, which cannot copy. */
export type Bulk = {
  /**
   * What a query gives, in the binary format of COPY. COPY takes no parameters: `query` is built of checked numbers and words.
   * @param room where it is put if it fits: what was there before is gone
   */
  copyOut(query: string, room: Buffer): Promise<Buffer>;
  /** Runs `work` in one transaction (READ COMMITTED), again when it met a deadlock. */
  transaction<T>(work: (tx: BulkTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const CONNECTIONS = 4;
const TRIES = 5;
/** A full list of words is put into their index in as many rounds as it is larger than this, each through all words. */
const merging = "-c work_mem=32MB";
/** What is sent at once, in characters. */
const CHUNK = 256 * 1024;

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const field = (value: Copied): string =>
  value === null ? "\\N" : String(value).replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? "");

function* lines(rows: Iterable<Copied[]>): Generator<Buffer> {
  let text = "";
  for (const row of rows) {
    text += `${row.map(field).join("\t")}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

/** What `pg` can do and its types do not say. */
type Copying = { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };

/** One `COPY … FROM STDIN`, as `pg` runs a query that brings its own answers. */
class CopyIn implements pg.Submittable {
  private failed: Error | null = null;
  constructor(
    private readonly into: string,
    private readonly chunks: Iterable<Buffer>,
    private readonly done: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`copy ${this.into} from stdin`);
  }
  handleCopyInResponse(connection: Copying): void {
    for (const chunk of this.chunks) connection.sendCopyFromChunk(chunk);
    connection.endCopyFrom();
  }
  handleError(error: Error): void {
    this.failed = error;
    this.done(error);
  }
  handleReadyForQuery(): void {
    if (this.failed === null) this.done(null);
  }
  handleCommandComplete(): void {}
}

function bulkTx(client: pg.PoolClient): BulkTx {
  const run = async (given: TemplateStringsArray | Prisma.Sql, values: unknown[]) => {
    const sql = given instanceof Prisma.Sql ? given : new Prisma.Sql(given, values);
    return client.query<Record<string, unknown>>(sql.text, sql.values);
  };
  const runs = {
    $queryRaw: async (sql: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
      (await run(sql, values)).rows,
    $executeRaw: async (sql: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
      (await run(sql, values)).rowCount ?? 0,
  };
  const copy = (into: string, rows: Iterable<Copied[]>) =>
    new Promise<void>((resolve, reject) => {
      client.query(new CopyIn(into, lines(rows), (error) => (error ? reject(error) : resolve())));
    });
  // Prisma's promises carry a name tag of their own, which nothing here looks at.
  return { ...(runs as unknown as Runs), copy };
}

function openPool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    allowExitOnIdle: true,
    idle_in_transaction_session_timeout: idleMs,
    options: `${planning} ${merging}`,
  });
  // A connection that breaks while nobody uses it is replaced by the next one; what uses one is told by its own query.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Connects on first use. */
export function openBulk(databaseUrl: string): Bulk {
  let pool: pg.Pool | null = null;
  const connect = () => {
    pool ??= openPool(databaseUrl);
    return pool.connect();
  };
  async function once<T>(work: (tx: BulkTx) => Promise<T>): Promise<T> {
    const client = await connect();
    let broken = true;
    try {
      await client.query("begin");
      const result = await work(bulkTx(client));
      await client.query("commit");
      broken = false;
      return result;
    } finally {
      // What is open on a connection that is thrown away is undone.
      client.release(broken);
    }
  }
  return {
    async copyOut(query, room) {
      const client = await connect();
      let broken = true;
      try {
        const bytes = await new Promise<Buffer>((resolve, reject) => {
          const done = (error: Error | null, copied: Buffer) => (error ? reject(error) : resolve(copied));
          client.query(new CopyOut(query, room, done));
        });
        broken = false;
        return bytes;
      } finally {
        client.release(broken);
      }
    },
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          return await once(work);
        } catch (error) {
          if (tries === TRIES || !passing.has(sqlState(error) ?? "")) throw error;
          await pause(10 * tries);
        }
      }
    },
    close: async () => pool?.end(),
  };
}
