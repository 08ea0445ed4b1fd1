// node runner.mjs FOLDER    starts the command of a run folder, once, and follows it to its end
//
// Runs in a session of its own, so that the trainer outlives the worker that started it. What it knows stands in
// FOLDER/.run, where the worker reads it: `state.json` is written every second, `cancel` asks it to end the trainer.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";

const BEAT_MS = 1000;
const LOOK_MS = 200;

const folder = path.resolve(process.argv[2] ?? ".");
const inside = (name) => path.join(folder, ".run", name);

try {
  closeSync(openSync(inside("started"), "wx"));
} catch {
  process.exit(0); // started already: never twice
}

const { argv, killAfterMs, logBytes } = JSON.parse(readFileSync(inside("command.json"), "utf8"));
const state = { pid: null, error: null, exit: null };
const save = () => {
  writeFileSync(inside("state.json.new"), JSON.stringify({ ...state, beatAt: Date.now() }));
  renameSync(inside("state.json.new"), inside("state.json"));
};

const log = openSync(path.join(folder, "run.log"), "a");
let room = logBytes;
const keep = (chunk) => {
  if (room <= 0) return;
  const part = chunk.subarray(0, room);
  room -= part.length;
  writeSync(log, part);
  if (room <= 0) writeSync(log, `\n[Gleaner: the log has ${logBytes} bytes; what follows is not kept]\n`);
};

const child = spawn(argv[0], argv.slice(1), {
  cwd: folder,
  stdio: ["ignore", "pipe", "pipe"],
  // A group of its own, so that what the trainer starts ends with it.
  detached: process.platform !== "win32",
  windowsHide: true,
  shell: false,
});
state.pid = child.pid ?? null;
save();
const beating = setInterval(save, BEAT_MS);
child.stdout.on("data", keep);
child.stderr.on("data", keep);

let asked = false;
const signal = (name) => {
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // gone already
  }
};
const looking = setInterval(() => {
  if (asked || child.pid === undefined || !existsSync(inside("cancel"))) return;
  asked = true;
  signal("SIGTERM");
  setTimeout(() => signal("SIGKILL"), killAfterMs).unref();
}, LOOK_MS);

const finish = () => {
  clearInterval(beating);
  clearInterval(looking);
  save();
  process.exit(0);
};
child.on("error", (error) => {
  state.error = `${error.code ?? "error"}: ${error.message}`.slice(0, 500);
  finish();
});
child.on("exit", (code, signalName) => {
  if (asked && child.pid !== undefined) signal("SIGKILL"); // what it started and left behind
  state.exit = { code, signal: signalName, asked };
  // The rest of its output may still be on the way; what it started and left behind may hold the pipe for ever.
  child.on("close", finish);
  setTimeout(finish, 2000);
});
