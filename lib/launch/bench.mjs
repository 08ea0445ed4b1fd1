// npm run bench            every program in tests/bench, one after the other, on a database of their own
// npm run bench -- import  only those whose name contains the word; what is in no name is given to them
// KEEP=1 …                 on the database the last one left, for those that measure what is there
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { ensureGenerated, quietEnv } from "./build.mjs";
import { ensureInstalled, packageUsers } from "./install.mjs";
import { main } from "./main.mjs";
import { dataRoot, inRoot, postgresFolder, root } from "./paths.mjs";
import { LaunchError, say } from "./say.mjs";
import { enroll } from "./users.mjs";

await main(async ({ atEnd }) => {
  const all = readdirSync(inRoot("tests", "bench")).filter((file) => file.endsWith(".bench.ts"));
  const words = process.argv.slice(2).filter((word) => all.some((file) => file.includes(word)));
  const rest = process.argv.slice(2).filter((word) => !words.includes(word));
  const files = all.filter((file) => words.some((word) => file.includes(word)) || process.argv.length === 2);
  if (files.length === 0) throw new LaunchError("no benchmark has that name", "ls tests/bench");
  await ensureInstalled();
  atEnd(enroll(packageUsers));
  await ensureGenerated();
  const { openPostgres } = await import("./postgres.mjs");
  const { applyMigrations } = await import("./migrations.mjs");
  const { bundled } = await import("./bundled.mjs");
  const server = await openPostgres(path.join(dataRoot, `bench-${postgresFolder}`));
  atEnd(server.release);
  const { default: pg } = await import("pg");
  for (const file of files) {
    const admin = new pg.Client({ connectionString: server.url("postgres") });
    await admin.connect();
    const { rows } = await admin.query("select 1 from pg_database where datname = 'bench'");
    const kept = rows.length > 0 && process.env.KEEP === "1";
    if (!kept) await admin.query("drop database if exists bench with (force)");
    if (!kept) await admin.query("create database bench");
    await admin.end();
    await applyMigrations(server.url("bench"));
    say(`— ${file}`);
    const env = { ...process.env, ...quietEnv, DATABASE_URL: server.url("bench") };
    const program = bundled(`tests/bench/${file}`);
    const child = spawn(process.execPath, [program, ...rest], { cwd: root, env, stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) process.exitCode = 1;
  }
});
