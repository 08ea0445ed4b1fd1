import pg from "pg";
import { setTimeout as pause } from "node:timers/promises";
import { Prisma } from "./generated/client";
import { idleMs, passing, planning, sqlState, waitingWords, type Runs } from "./client";
import { CopyIn } from "./copied-in";
import { CopyOut } from "./copied-out";

/**
 * An open transaction that can also take rows by COPY in its binary format, which is several times faster than inserting
 * them. Their bytes may be written over once it has ended.
 */
export type BulkTx = Runs & { copy(into: string, rows: Iterable<Buffer>): Promise<void> };

/** Connections for writing and reading much at once, beside Prisma's, which cannot copy. */
export type Bulk = {
  /**
   * What a query gives, in the binary format of COPY. COPY takes no parameters: `query` is built of checked numbers and words.
   * @param room where it is put if it fits: what was there before is gone
   */
  copyOut(query: string, room: Buffer): Promise<Buffer>;
  /**
   * Runs `work` in one transaction (READ COMMITTED), again when it met a deadlock.
   * @param settings what holds for it alone, as `manyRows`
   */
  transaction<T>(work: (tx: BulkTx) => Promise<T>, settings?: string): Promise<T>;
  close(): Promise<void>;
};

const CONNECTIONS = 4;
const TRIES = 5;
/** A full list of words is put into their index in as many rounds as it is larger than this, each through all words. */
const merging = "-c work_mem=32MB";
/**
 * For a transaction that adds many rows. A foreign key is checked by a statement per row, and to plan each (see `planning`)
 * takes several times as long as to run it. A plan made while a table was small must not outlive that: it asks an index.
 */
export const manyRows = "set local plan_cache_mode = auto; set local enable_seqscan = off";
/** For a transaction whose words are put into their index by another one (see `wordIndexIn`), a large list at once. */
export const manyWords = "set local gin_pending_list_limit = '64MB'";
/**
 * For a transaction that nobody is told of before another one, which has this not, is over: it does not wait for the disk.
 * When the database itself dies, the last of these may be lost, in their order and each as a whole.
 */
export const soonOnDisk = "set local synchronous_commit = off";

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
  const copy = (into: string, rows: Iterable<Buffer>) =>
    new Promise<void>((resolve, reject) => {
      client.query(new CopyIn(into, rows, (error) => (error ? reject(error) : resolve())));
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
    options: `${planning} ${waitingWords} ${merging}`,
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
  async function once<T>(work: (tx: BulkTx) => Promise<T>, settings: string): Promise<T> {
    const client = await connect();
    let broken = true;
    try {
      await client.query(`begin; ${settings}`);
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
    async transaction(work, settings = "") {
      for (let tries = 1; ; tries++) {
        try {
          return await once(work, settings);
        } catch (error) {
          if (tries === TRIES || !passing.has(sqlState(error) ?? "")) throw error;
          await pause(10 * tries);
        }
      }
    },
    close: async () => pool?.end(),
  };
}
