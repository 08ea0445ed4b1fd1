import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { bundled } from "../../lib/launch/bundled.mjs";

export type Kind = "worker" | "web";
export type Running = { kind: Kind; child: ChildProcess; ready: boolean };
type Cancel = { runId: number; at: number; claims: number };
/** A run was cancelled and went on: when, and how many claims had been made in it at both times. */
export type Cancelled = Cancel & { resumedAt: number; claimsThen: number };

/** The processes of the kill loop: whoever dies is started again until `end`. */
export function startProcesses(env: Record<string, string>, seed: () => number) {
  const programs = {
    worker: bundled("tests/support/kill-loop-worker.ts"),
    web: bundled("tests/support/kill-loop-web.ts"),
  };
  const running: Running[] = [];
  const cancels: Cancelled[] = [];
  const open = new Map<number, Cancel>();
  const told = new Map<string, number>();
  let ended = false;

  function heard(one: Running, line: string): void {
    if (line === "ready") one.ready = true;
    const [, what, ...numbers] = /^(cancelled|resuming) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
    const [runId = 0, at = 0, claims = 0] = numbers.map(Number);
    const before = open.get(runId);
    if (what === "cancelled") open.set(runId, { runId, at, claims });
    if (what === "resuming" && before) {
      cancels.push({ ...before, resumedAt: at, claimsThen: claims });
      open.delete(runId);
    }
    const trouble = /^(failed|error)/.test(line) ? kindOf(line) : null;
    if (trouble) told.set(trouble, (told.get(trouble) ?? 0) + 1);
  }

  function start(kind: Kind): void {
    const args = [programs[kind]];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env, SEED: String(seed()) },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const one: Running = { kind, child, ready: false };
    running.push(one);
    createInterface(child.stdout).on("line", (line) => heard(one, line));
    child.once("exit", () => {
      running.splice(running.indexOf(one), 1);
      if (!ended) start(kind);
    });
  }

  return {
    start,
    running,
    cancels,
    /** Whether the run was, or is being, cancelled at some time since. */
    wasCancelled: (runId: number, since: number) =>
      open.has(runId) || cancels.some((one) => one.runId === runId && one.resumedAt > since),
    /** What they said went wrong, and how often. */
    told,
    end(): void {
      ended = true;
      for (const { child } of [...running]) child.kill("SIGKILL");
    },
  };
}

/** What went wrong, without what differs each time. */
function kindOf(line: string): string {
  const message = /Message: `([^`]*)/.exec(line)?.[1];
  const [said = ""] = /^[^(]*/.exec(message ? `${line.slice(0, 12)} … ${message}` : line) ?? [];
  return said.replace(/\d+/g, "#").replace(/\s+/g, " ").trim().slice(0, 80);
}
