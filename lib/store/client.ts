import { setTimeout as pause } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { z } from "zod";
import { Prisma, PrismaClient } from "./generated/client";

/** A connection pool to one database; every aggregate is built on it. */
export type Db = PrismaClient;
/** Either the pool or an open transaction. */
export type Tx = Prisma.TransactionClient;
/** What runs a statement, and nothing else. */
export type Runs = Pick<Tx, "$queryRaw" | "$executeRaw">;

const POOL = 10;
const WAIT_MS = 30_000;
/** A cancelled run of 10^6 rollouts or a frozen dataset is one transaction. */
const LONGEST_MS = 3_600_000;
const TRIES = 5;
/** A process that is frozen or cut off inside a transaction must not hold its locks against all others. */
export const idleMs = 10_000;
/**
 * A plan made while a table was small must not outlive that: each execution is planned, only parsing is saved. What a page
 * asks is over before a second process has begun to help.
 */
export const planning = "-c plan_cache_mode=force_custom_plan -c max_parallel_workers_per_gather=0";
/** New words wait in a list that is put into their index at once: at 4 MB, the default, that is most of what adding them takes. */
export const waitingWords = "-c gin_pending_list_limit=16MB";

/**
 * Connects on first use: building one needs no database.
 * @param longestIdleMs how long a transaction may stand still before the database takes it back
 */
export function openClient(databaseUrl: string, longestIdleMs = idleMs): Db {
  const pool = {
    connectionString: databaseUrl,
    max: POOL,
    connectionTimeoutMillis: WAIT_MS,
    idle_in_transaction_session_timeout: longestIdleMs,
    options: `${planning} ${waitingWords}`,
  };
  return new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) }),
    transactionOptions: { maxWait: WAIT_MS, timeout: LONGEST_MS },
  });
}

const names = new Map<string, string>();
/** What is built at run time must not fill the memory of every connection. */
const NAMED_AT_MOST = 500;

/** A statement that was sent before is not parsed again; an empty name is none. */
function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined || names.size === NAMED_AT_MOST) return known ?? "";
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}

const DriverError = z.object({
  driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }),
});

/** The SQLSTATE of a failed statement; null when it is not the database that failed. */
export function sqlState(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const meta = DriverError.safeParse(error.meta);
  return meta.success ? meta.data.driverAdapterError.cause.originalCode : null;
}

/** Everything here may run twice, so a deadlock is tried again instead of shown. */
export const passing = new Set(["40P01", "40001"]);

/** Runs `work` in one transaction (READ COMMITTED), again when it met a deadlock. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.$transaction(work);
    } catch (error) {
      if (tries === TRIES || !passing.has(sqlState(error) ?? "")) throw error;
      await pause(10 * tries);
    }
  }
}
