import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { LaunchError } from "./say.mjs";

/** The lock number Prisma's own command line takes, so that the two never migrate at once. */
const PRISMA_LOCK = 72707369;

// Prisma's own table, column for column: `prisma migrate` reads what we write and the other way round.
const createTable = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** The checked-in migrations in the order they apply: name, SQL, and the checksum Prisma would note. */
export function checkedInMigrations(folder = inRoot("prisma", "migrations")) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, "migration.sql")))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function connect(url) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // a lost connection fails the query that follows
  await client.connect();
  return client;
}

/**
 * How the database's schema compares with this folder's code.
 * @returns names: `pending` here but not there, `unknown` there but not here, `failed` half applied,
 *          `edited` applied with other text than is checked in
 */
export async function migrationState(url, migrations = checkedInMigrations()) {
  const client = await connect(url);
  try {
    return await compare(client, migrations);
  } finally {
    await client.end();
  }
}

async function compare(client, migrations) {
  const table = await client.query("select to_regclass('_prisma_migrations') is not null as there");
  const { rows } = table.rows[0].there
    ? await client.query(
        "select migration_name as name, checksum, finished_at from _prisma_migrations where rolled_back_at is null",
      )
    : { rows: [] };
  const applied = new Map(rows.filter((row) => row.finished_at).map((row) => [row.name, row.checksum]));
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  return {
    pending: migrations.map(({ name }) => name).filter((name) => !applied.has(name)),
    unknown: [...applied.keys()].filter((name) => !known.has(name)),
    failed: rows.filter((row) => !row.finished_at).map((row) => row.name),
    edited: [...applied]
      .filter(([name, checksum]) => known.has(name) && known.get(name) !== checksum)
      .map(([name]) => name),
  };
}

/** Refuses a database this code must not touch: a half applied migration, or a newer Gleaner's schema. */
export function demandFit({ unknown, failed }) {
  if (failed.length)
    throw new LaunchError(
      `the migration ${failed[0]} of the database was not finished`,
      `see why: select logs from _prisma_migrations; then: npx prisma migrate resolve --rolled-back ${failed[0]}`,
    );
  if (unknown.length)
    throw new LaunchError(
      `the database was set up by a newer version of Gleaner (it has the migration ${unknown.at(-1)})`,
      "update this folder to that version (git pull), or use another database",
    );
}

async function apply(client, { name, sql, checksum }) {
  const id = randomUUID();
  await client.query("insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)", [
    id,
    checksum,
    name,
  ]);
  try {
    // One simple query is one transaction: it applies whole or not at all.
    await client.query(sql);
  } catch (error) {
    await client.query("update _prisma_migrations set logs = $2 where id = $1", [id, String(error.message)]);
    throw new LaunchError(
      `the migration ${name} failed: ${error.message}`,
      `nothing of it was applied; mend the cause, then: npx prisma migrate resolve --rolled-back ${name}`,
      { cause: error },
    );
  }
  await client.query(
    "update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where id = $1",
    [id],
  );
}

/**
 * Brings the database's schema up to the checked-in migrations. Safe to call from many processes at once.
 * @returns the names of the migrations applied now
 */
export async function applyMigrations(url, migrations = checkedInMigrations()) {
  const client = await connect(url);
  try {
    await client.query("select pg_advisory_lock($1)", [PRISMA_LOCK]);
    await client.query(createTable);
    const state = await compare(client, migrations);
    demandFit(state);
    for (const migration of migrations)
      if (state.pending.includes(migration.name)) await apply(client, migration);
    return state.pending;
  } finally {
    await client.end();
  }
}
