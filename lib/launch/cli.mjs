// npm run -s gleaner -- COMMAND …: the command line on this folder's database. Its stdout is the command's alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ensureGenerated, quietEnv } from "./build.mjs";
import { ensureInstalled, packageUsers } from "./install.mjs";
import { main } from "./main.mjs";
import { keepStdoutClean } from "./say.mjs";
import { enroll } from "./users.mjs";

keepStdoutClean();

await main(async ({ atEnd }) => {
  await ensureInstalled();
  atEnd(enroll(packageUsers));
  await ensureGenerated();
  const { ensureMigrated, openDatabase } = await import("./database.mjs");
  const database = await openDatabase();
  atEnd(database.release);
  await ensureMigrated(database.url);

  // From here on files are named as the caller sees them: npm changed the folder, and says where it was.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const env = { ...process.env, ...quietEnv, DATABASE_URL: database.url };
  const { bundled } = await import("./bundled.mjs");
  const args = [bundled("lib/cli/main.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd, env, stdio: "inherit" });
  const ended = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const [code] = await ended;
  process.exitCode = code ?? 1;
});
