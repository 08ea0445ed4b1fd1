import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const prefix = "e2e-";

/** Every run has a data folder of its own; those of runs that were killed are cleared away. */
function freshDataFolder(): string {
  const above = path.join(root, ".data");
  for (const name of existsSync(above) ? readdirSync(above) : []) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length) : NaN);
    if (pid && !isRunning(pid)) rmSync(path.join(above, name), { recursive: true, force: true });
  }
  return path.join(above, `${prefix}${process.pid}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function addressFrom(launcher: ChildProcess): Promise<string> {
  const printed: string[] = [];
  const ended = once(launcher, "exit").then(() => {
    throw new Error(`npm start ended before it was ready:\n${printed.join("\n")}`);
  });
  const ready = new Promise<string>((resolve) => {
    for (const output of [launcher.stdout, launcher.stderr])
      if (output)
        createInterface({ input: output }).on("line", (line) => {
          printed.push(line);
          const address = /Gleaner is running:\s+(\S+)/.exec(line)?.[1];
          if (address) resolve(address);
        });
  });
  return Promise.race([ready, ended]);
}

/** Starts the whole program as `npm start` does, on an empty data folder and a free port, for all journeys. */
export default async function startGleaner(): Promise<() => Promise<void>> {
  const data = freshDataFolder();
  const guard = pathToFileURL(path.join(root, "lib/launch/end-with-parent.mjs")).href;
  const launcher = spawn(process.execPath, ["--import", guard, "lib/launch/start.mjs"], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: "",
      HOST: "",
      PORT: "0",
      NODE_OPTIONS: "",
      GLEANER_DATA: data,
      GLEANER_LAUNCHER: String(process.pid),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  process.env["GLEANER_E2E_URL"] = await addressFrom(launcher);
  process.env["GLEANER_E2E_DATA"] = data;
  process.env["GLEANER_E2E_LAUNCHER"] = String(launcher.pid);
  return async () => {
    const ended = once(launcher, "exit");
    launcher.kill("SIGTERM");
    await ended;
    cpSync(path.join(data, "logs"), path.join(root, "test-results", "logs"), { recursive: true });
    rmSync(data, { recursive: true, force: true });
  };
}
