import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { applyMigrations, demandFit, migrationState } from "./migrations.mjs";
import { dataRoot, postgresFolder } from "./paths.mjs";
import { openPostgres } from "./postgres.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say, step } from "./say.mjs";
import { shareInstance } from "./secret.mjs";

const NAME = "gleaner";
const ENOUGH_DISK = 200_000_000;

export const postgresDir = path.join(dataRoot, postgresFolder);

/** An address fit for a log: without its password. */
export function withoutPassword(url) {
  const address = new URL(url);
  address.password = "";
  return address.href;
}

const reasons = {
  ECONNREFUSED: ["nothing answers there", "start that server, or check host and port in DATABASE_URL"],
  ENOTFOUND: ["the host is not known", "check the host in DATABASE_URL"],
  EAI_AGAIN: ["the host is not known", "check the host in DATABASE_URL"],
  ETIMEDOUT: ["nothing answers there", "check host, port and firewall"],
  "28P01": ["the password is wrong", "check user and password in DATABASE_URL"],
  28000: ["the user may not log in", "check user and password in DATABASE_URL, or the server's pg_hba.conf"],
  "3D000": ["that database does not exist", "create it: createdb, or `create database` in psql"],
};

/** Fails with `error:` and `fix:` when no query can be run on `url`. @returns the server's major version */
export async function demandReachable(url) {
  const { default: pg } = await import("pg");
  let client;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as major");
    return rows[0].major;
  } catch (error) {
    const [why, fix] = reasons[error.code] ?? [error.message || error.code, "check DATABASE_URL"];
    const shown = URL.canParse(url) ? withoutPassword(url) : "the address in DATABASE_URL";
    throw new LaunchError(`cannot use the database ${shown}: ${why}`, fix, { cause: error });
  } finally {
    await client?.end().catch(() => undefined);
  }
}

async function openExternal(url) {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new LaunchError(
      "DATABASE_URL is no Postgres address",
      "write it as postgresql://user:password@host:5432/gleaner, or unset it to use the built-in database",
    );
  await demandReachable(url);
  shareInstance();
  return { url, external: true, release: async () => undefined };
}

function demandDisk() {
  let folder = dataRoot;
  while (!existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= ENOUGH_DISK) return;
  throw new LaunchError(
    `only ${Math.round((bavail * bsize) / 1e6)} MB are free for ${dataRoot}`,
    "free some space, or set GLEANER_DATA to a folder on another disk",
  );
}

async function createDatabase(server) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [NAME]);
    if (rowCount === 0) await client.query(`create database ${NAME}`);
  } catch (error) {
    if (!["42P04", "23505"].includes(error.code)) throw error; // another process was faster
  } finally {
    await client.end();
  }
}

async function openEmbedded() {
  demandDisk();
  shareInstance();
  const server = await step("starting the database", () => openPostgres(postgresDir));
  await createDatabase(server);
  return { url: server.url(NAME), external: false, server, release: server.release };
}

/**
 * The database of this instance: DATABASE_URL when set, else the embedded one, started or joined.
 * @returns `url`, `external`, `server` (embedded only) and `release()`
 */
export function openDatabase() {
  return process.env.DATABASE_URL ? openExternal(process.env.DATABASE_URL) : openEmbedded();
}

export function databaseAddress(server) {
  return server.url(NAME);
}

/** Applies what is pending. */
export async function ensureMigrated(url) {
  const applied = await step("updating the database", () => applyMigrations(url));
  if (applied.length) say(`✓ applied ${applied.length} ${applied.length === 1 ? "migration" : "migrations"}`);
}

/** For those who join a database others own: its schema must be exactly this folder's. */
export async function demandMigrated(url) {
  const state = await migrationState(url);
  demandFit(state);
  if (state.pending.length)
    throw new LaunchError(
      `the database lacks ${state.pending.length} of this version's migrations`,
      "update the machine that runs the web pages to this version first, or apply them: npm run migrate",
    );
}

const DEMO_NOTE = "gleaner: demo workspace loaded";

/**
 * Loads the demo workspace the first time a database is used; GLEANER_DEMO=0 leaves it empty.
 * The note about it lives in the database, as a comment, so that it goes where the data goes.
 */
export async function ensureSeeded(url) {
  if (process.env.GLEANER_DEMO === "0") return;
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("select obj_description('_prisma_migrations'::regclass) as note");
    if (rows[0].note === DEMO_NOTE) return;
    await step("loading the demo workspace", () => runSeed(url), "only the first time");
    await client.query(`comment on table _prisma_migrations is '${DEMO_NOTE}'`);
  } finally {
    await client.end();
  }
}

async function runSeed(url) {
  const { bundled } = await import("./bundled.mjs");
  const env = { ...process.env, DATABASE_URL: url };
  const { code, output } = await run(process.execPath, [bundled("prisma/seed.ts")], { env });
  if (code === 0) return;
  const last = output.trim().split("\n").slice(-15).join("\n");
  throw new LaunchError(
    `the demo workspace could not be loaded:\n${last}`,
    "start without it: GLEANER_DEMO=0 npm start",
  );
}
