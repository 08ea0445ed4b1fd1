import { createHash, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { withLock } from "../../lib/launch/lock.mjs";
import { applyMigrations, checkedInMigrations } from "../../lib/launch/migrations.mjs";
import { openPostgres, type Postgres } from "../../lib/launch/postgres.mjs";

const dir = fileURLToPath(new URL("../../.data/test-postgres-18", import.meta.url));
const SERVER = "GLEANER_TEST_SERVER";

export type TestDatabase = { url: string; drop: () => Promise<void> };

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Named by what the migrations say, so that an edited migration never meets an old template. */
function templateName(): string {
  const checksums = checkedInMigrations().map(({ checksum }) => checksum);
  return `template_${createHash("sha256").update(checksums.join()).digest("hex").slice(0, 16)}`;
}

async function prepareTemplate(server: Postgres): Promise<void> {
  const admin = server.url("postgres");
  const name = templateName();
  const names = (await query(admin, "select datname from pg_database")).map((row) => String(row["datname"]));
  if (server.alone)
    for (const old of names.filter((each) => each.startsWith("test_") || /^(template|unready)_./.test(each)))
      if (old !== name) await query(admin, `drop database if exists ${old} with (force)`);
  if (names.includes(name)) return;
  // Made under another name, so that an interrupted one is never cloned.
  const unready = name.replace("template", "unready");
  await query(admin, `drop database if exists ${unready} with (force)`);
  await query(admin, `create database ${unready}`);
  await applyMigrations(server.url(unready));
  await query(admin, `alter database ${unready} rename to ${name}`);
}

/**
 * Starts the server all tests share, with a migrated template database to clone.
 * @returns a function that leaves it; whoever leaves last stops it
 */
export async function openTestServer(): Promise<() => Promise<void>> {
  const server = await openPostgres(dir, { disposable: true });
  await withLock(`${dir}.template.lock`, () => prepareTemplate(server));
  process.env[SERVER] = server.url("postgres");
  return server.release;
}

/** A migrated database of one's own, cloned in some 40 ms. Only in projects whose global setup opens the server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = process.env[SERVER];
  if (!admin) throw new Error("no test server: this test belongs into tests/contract or tests/integration");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(admin, `create database ${name} template ${templateName()}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => void (await query(admin, `drop database if exists ${name} with (force)`)),
  };
}

/** Runs `work` on a database of its own and drops it afterwards. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const database = await createTestDatabase();
  try {
    return await work(database.url);
  } finally {
    await database.drop();
  }
}
