import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "./paths.mjs";

const KEPT_OUTPUT = 200_000;
const running = new Set();

/** Ends what `run` has started and not yet seen the end of. */
export function endRunning() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a program to its end without a shell.
 * @returns exit code (null when killed), signal, and the last part of what it printed (stdout and stderr together)
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
    running.add(child);
    const settle = (result) => {
      running.delete(child);
      resolve(result);
    };
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT));
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => settle({ code: null, signal: null, output, error }));
    child.on("close", (code, signal) => settle({ code, signal, output }));
  });
}

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function procStat(pid) {
  try {
    // The name in parentheses may hold spaces: read what follows the last one.
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], startedAt: fields[19] };
  } catch {
    return null;
  }
}

function ps(pid, column) {
  if (process.platform === "win32") return "";
  return spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}

/** A mark that differs when the same process id was given to another process later. */
export function birthOf(pid) {
  return procStat(pid)?.startedAt ?? ps(pid, "lstart").replaceAll(/\s+/g, "_");
}

/** Whether the process born as `birth` still runs. Zombies count as gone. */
export function isAlive(pid, birth) {
  if (!exists(pid)) return false;
  const stat = procStat(pid);
  if (stat?.state === "Z") return false;
  return birth === undefined || birthOf(pid) === birth;
}

/** The command line of a running process, or "" when it is gone or cannot be read. */
export function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return ps(pid, "command");
  }
}
