import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundled } from "../../lib/launch/bundled.mjs";
import type { Death } from "./crash-point";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Worker processes of corridor-worker.ts on one database, and the file in which they write down their calls. */
export function openWorkers(databaseUrl: string, pace = { leaseMs: 2500, sweepMs: 300 }) {
  const folder = mkdtempSync(path.join(tmpdir(), "gleaner-workers-"));
  const callLog = path.join(folder, "calls");
  const children: ChildProcess[] = [];
  const program = bundled("tests/support/corridor-worker.ts");
  return {
    callLog,
    /** @param death where it is to kill itself; absent: it lives until it is killed */
    start(death?: Death): ChildProcess {
      const child = spawn(process.execPath, [program], {
        cwd: root,
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          DIE_AT: death ? JSON.stringify(death) : "",
          PACE: JSON.stringify(pace),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      children.push(child);
      child.stderr?.on("data", (text: Buffer) => process.stderr.write(text));
      return child;
    },
    /** The seed of every call made so far. */
    calls(): number[] {
      try {
        return readFileSync(callLog, "utf8").trim().split("\n").map(Number);
      } catch {
        return [];
      }
    },
    close(): void {
      for (const child of children.splice(0)) child.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    },
  };
}
export type Workers = ReturnType<typeof openWorkers>;

/** Waits until the process is gone. */
export const died = (child: ChildProcess) =>
  new Promise<void>((resolve) => child.once("exit", () => resolve()));
