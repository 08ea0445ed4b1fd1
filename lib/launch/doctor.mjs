// npm run doctor: what is wrong, and what to do. Installs nothing and changes no data.
import { existsSync, readFileSync, statfsSync } from "node:fs";
import path from "node:path";
import { clientIsCurrent } from "./build.mjs";
import { demandNode, missingPackages } from "./install.mjs";
import { runningInstance } from "./instance.mjs";
import { main } from "./main.mjs";
import { dataRoot, inRoot } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError, explain, say } from "./say.mjs";

const LITTLE_DISK = 2_000_000_000;
const OLDEST_POSTGRES = 15;
const SHOWN_ROWS = 3;

let errors = 0;

/** Runs one check: its answer is what is fine, its LaunchError is what is not. @returns whether it was fine */
async function check(work) {
  try {
    say(`ok     ${await work()}`);
    return true;
  } catch (error) {
    errors++;
    say(explain(error) ?? `error: ${error.message}\nfix:   this should not happen; please report it`);
    return false;
  }
}

function packages() {
  const missing = missingPackages();
  if (missing.length === 0) return "the packages are those of package-lock.json";
  const named =
    missing.slice(0, 5).join(", ") + (missing.length > 5 ? `, and ${missing.length - 5} more` : "");
  throw new LaunchError(`packages are missing or differ from package-lock.json: ${named}`, "npm ci");
}

function disk() {
  let folder = dataRoot;
  while (!existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free for ${dataRoot}`;
  if (bavail * bsize < LITTLE_DISK)
    throw new LaunchError(`only ${free}`, "free some space, or set GLEANER_DATA to a folder on another disk");
  return free;
}

function client() {
  if (clientIsCurrent()) return "the database client fits prisma/schema.prisma";
  throw new LaunchError(
    "the database client was not generated from this schema",
    "npm start, or npx prisma generate",
  );
}

async function migrations(url) {
  const { demandFit, migrationState } = await import("./migrations.mjs");
  const state = await migrationState(url);
  demandFit(state);
  if (state.pending.length)
    throw new LaunchError(`migrations are not applied yet: ${state.pending.join(", ")}`, "npm run migrate");
  if (state.edited.length)
    throw new LaunchError(
      `the database applied another text of the migration ${state.edited[0]} than this folder has`,
      "restore that file (git checkout), and put changes into a migration of their own",
    );
  return "every migration is applied";
}

/** The queries of prisma/invariants.sql; the comment above each says what must hold. */
function invariants() {
  const file = inRoot("prisma", "invariants.sql");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split(/;\s*$/m)
    .map((part) => {
      const lines = part.trim().split("\n");
      const rule = lines.filter((line) => line.startsWith("--")).map((line) => line.replace(/^--\s*/, ""));
      const sql = lines
        .filter((line) => !line.startsWith("--"))
        .join("\n")
        .trim();
      return { rule: rule.at(-1) ?? sql.slice(0, 80), sql };
    })
    .filter(({ sql }) => sql);
}

async function holds(pgClient, { rule, sql }) {
  const { rows } = await pgClient.query(sql);
  if (rows.length === 0) return rule;
  const shown = rows.slice(0, SHOWN_ROWS).map((row) => JSON.stringify(row).slice(0, 300));
  throw new LaunchError(
    `does not hold: ${rule} (${rows.length} violations)\n       ${shown.join("\n       ")}`,
    "please report this with the lines above; keep a backup of the data folder",
  );
}

async function checkInvariants(url) {
  const { default: pg } = await import("pg");
  const pgClient = new pg.Client({ connectionString: url });
  await pgClient.connect();
  await pgClient.query("set default_transaction_read_only = on");
  try {
    for (const invariant of invariants()) await check(() => holds(pgClient, invariant));
  } finally {
    await pgClient.end();
  }
}

async function checkDatabase(atEnd) {
  const { demandReachable, openDatabase, withoutPassword } = await import("./database.mjs");
  let url;
  const reachable = await check(async () => {
    const database = await openDatabase();
    atEnd(database.release);
    url = database.url;
    const major = await demandReachable(url);
    if (major < OLDEST_POSTGRES)
      throw new LaunchError(`the database is Postgres ${major}`, `use Postgres ${OLDEST_POSTGRES} or newer`);
    return `the database answers: Postgres ${major} at ${withoutPassword(url)}`;
  });
  if (!reachable) return;
  if (await check(() => migrations(url))) await checkInvariants(url);
  await checkProgram(url);
}

/** What only the program itself can check: endpoints and environments. */
async function checkProgram(url) {
  const { bundled } = await import("./bundled.mjs");
  const env = { ...process.env, DATABASE_URL: url };
  const { code } = await run(process.execPath, [bundled("lib/jobs/doctor.ts")], { env, stdio: "inherit" });
  if (code !== 0) errors++;
}

async function browser() {
  const { findChromium } = await import("./chromium.mjs");
  const { executablePath, env } = await findChromium();
  const { code, output } = await run(executablePath, ["--version", "--no-sandbox"], {
    env: { ...process.env, ...env },
  });
  if (code !== 0)
    throw new LaunchError(
      `the browser for the tests does not run: ${output.trim().split("\n").at(-1)}`,
      "install Chromium or Chrome, or name one: CHROMIUM_PATH=/path/to/chrome",
    );
  return `a browser for the tests: ${output.trim().split("\n").at(-1)}`;
}

await main(async ({ atEnd }) => {
  await check(() => {
    demandNode();
    return `Node.js ${process.versions.node}`;
  });
  await check(disk);
  if (await check(packages)) {
    await check(client);
    await checkDatabase(atEnd);
    await check(browser);
  }
  const url = runningInstance();
  say(
    `note   ${url ? `Gleaner is running: ${url}` : "Gleaner is not running on this data folder; npm start runs it"}`,
  );
  if (errors) process.exitCode = 1;
});
