import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { applyMigrations } from "../../lib/launch/migrations.mjs";
import { openPostgres } from "../../lib/launch/postgres.mjs";

const dataFolder = path.join(process.cwd(), ".data", "kill-loop-postgres-18");
const Revived = z.object({ pid: z.number() });
/** A connection that was broken off may never say so. */
const PATIENCE_MS = 15_000;

/** A Postgres server nobody else uses, as safe as the product's own, with a migrated database; it may be killed. */
export async function openKillDatabase() {
  const server = await openPostgres(dataFolder);
  let { pid } = server;
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query("drop database if exists kills with (force)");
  await admin.query("create database kills");
  await admin.end();
  const url = server.url("kills");
  await applyMigrations(url);
  return {
    url,
    async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: PATIENCE_MS,
        query_timeout: PATIENCE_MS,
      });
      client.on("error", () => undefined);
      try {
        await client.connect();
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        // Not waited for: with the server gone it never ends.
        void client.end().catch(() => undefined);
      }
    },
    /** Kills the server and starts it again. */
    async kill(): Promise<void> {
      process.kill(pid, "SIGKILL");
      pid = Revived.parse(await server.revive()).pid;
    },
    close: () => server.release(),
  };
}

/** Asks until the database answers: it may be down for a moment. */
export async function surely<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await pause(200);
    }
  }
}
