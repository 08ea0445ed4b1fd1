import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { bundled } from "../../lib/launch/bundled.mjs";
import { applyMigrations } from "../../lib/launch/migrations.mjs";
import { openPostgres } from "../../lib/launch/postgres.mjs";
import { isAlive } from "../../lib/launch/processes.mjs";

const dataFolder = path.join(process.cwd(), ".data", "kill-loop-postgres-18");
const Revived = z.object({ pid: z.number() });
/** A connection that was broken off may never say so. */
const PATIENCE_MS = 15_000;
/** Longest time the database may be down, and anything asked of it may take in all. */
const OUTAGE_MS = 120_000;

/** A Postgres server nobody else uses, as safe as the product's own, with a migrated database; it may be killed. */
export async function openKillDatabase() {
  const args = [bundled("tests/support/kill-loop-guard.ts"), dataFolder];
  const guard = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(guard.stdout, "data");
  const server = await openPostgres(dataFolder);
  let { pid } = server;
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query("drop database if exists kills with (force)");
  await admin.query("create database kills");
  await admin.end();
  const url = server.url("kills");
  await applyMigrations(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 3,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  pool.on("error", () => undefined);
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> =>
      (await pool.query<Row>(sql, values)).rows,
    /** Kills the server and starts it again. @throws what kept it from starting */
    async kill(): Promise<void> {
      process.kill(pid, "SIGKILL");
      // One that is about to die would be taken for one that runs.
      while (isAlive(pid)) await pause(10);
      pid = Revived.parse(await server.revive()).pid;
    },
    async close(): Promise<void> {
      await pool.end();
      await server.release();
      guard.stdin.end();
      await once(guard, "exit");
    },
  };
}

/**
 * Asks until the database answers: it may be down for a moment. Prints why it asks again.
 * @throws Error when it does not answer for two minutes
 */
export async function surely<T>(what: string, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + OUTAGE_MS;
  const giveUp = new AbortController();
  const late = pause(OUTAGE_MS, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`${what} took more than ${OUTAGE_MS / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    for (;;) {
      try {
        return await Promise.race([work(), late]);
      } catch (error) {
        if (Date.now() > until) throw error;
        console.log(`${what} again: ${String(error).replace(/\s+/g, " ").slice(0, 160)}`);
        await pause(500);
      }
    }
  } finally {
    giveUp.abort();
  }
}
