// npm run migrate                  applies the checked-in migrations to this folder's database (or DATABASE_URL)
// npm run migrate -- dev --name x  any `prisma migrate` command on that database
import { spawn } from "node:child_process";
import { once } from "node:events";
import { prismaProgram, quietEnv } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { main } from "./main.mjs";
import { root } from "./paths.mjs";
import { say } from "./say.mjs";

await main(async ({ atEnd }) => {
  await ensureInstalled();
  const { ensureMigrated, openDatabase } = await import("./database.mjs");
  const database = await openDatabase();
  atEnd(database.release);
  const args = process.argv.slice(2);
  if (args.length === 0) {
    await ensureMigrated(database.url);
    return say("ok: the database has every migration");
  }
  const env = { ...process.env, ...quietEnv, DATABASE_URL: database.url };
  // Without a terminal to ask, prisma must not wait for an answer.
  const stdio = [process.stdin.isTTY ? "inherit" : "ignore", "inherit", "inherit"];
  const child = spawn(process.execPath, [prismaProgram, "migrate", ...args], { cwd: root, env, stdio });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
});
