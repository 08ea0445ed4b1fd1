// npm run proofs            proves with every installed trainer what its download trains, and that broken ones are noticed
// npm run proofs -- trl     only those of these trainers; rules: only those that need none
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ensureGenerated, quietEnv } from "./build.mjs";
import { ensureInstalled, packageUsers } from "./install.mjs";
import { main } from "./main.mjs";
import { root } from "./paths.mjs";
import { LaunchError } from "./say.mjs";
import { trainerNames, trainersRoot } from "./trainers.mjs";
import { enroll } from "./users.mjs";

await main(async ({ atEnd }) => {
  const wanted = process.argv.slice(2);
  const names = [...trainerNames, "rules"];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new LaunchError(`no trainer is called ${unknown.join(", ")}`, `name some of ${names.join(", ")}`);
  await ensureInstalled();
  atEnd(enroll(packageUsers));
  await ensureGenerated();
  const { bundled } = await import("./bundled.mjs");
  const env = { ...process.env, ...quietEnv, GLEANER_TRAINERS: trainersRoot };
  const args = [bundled("tests/proofs/proofs.ts"), ...wanted];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: "inherit" });
  atEnd(() => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
});
