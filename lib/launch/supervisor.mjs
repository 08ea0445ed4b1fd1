import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { inRoot, root } from "./paths.mjs";
import { explain, say } from "./say.mjs";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Who ran this long has recovered: its next failure starts from the shortest pause again. */
const HEALTHY_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const LOG_LIMIT = 5_000_000;

const guard = pathToFileURL(inRoot("lib", "launch", "end-with-parent.mjs")).href;

function openLog(folder, name) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.log`);
  if (existsSync(file) && statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`);
  // A log that cannot be written (a full disk) must not take the program with it.
  return createWriteStream(file, { flags: "a" }).on("error", () => undefined);
}

// What is logged may quote a trajectory or a model, whose text must not steer the reader's terminal.
const escapes = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const howItEnded = (code, signal) =>
  signal ? `killed by ${signal}` : code === null ? "it could not be started" : `exit code ${code}`;

/**
 * Keeps Node programs running until told to stop: a program that ends is started again, after a pause that doubles
 * while it keeps failing.
 * @param logFolder where each program's output is kept, one file per program
 */
export function createSupervisor(logFolder) {
  const programs = [];
  let stopping = false;

  /**
   * @param name    what it is called on the screen and in the log's name
   * @param command () => ({ args, env }) for Node, asked anew at every start
   * @param shows   (line) => whether a line of output belongs on the screen; all of it goes to the log
   */
  function add(name, command, shows = () => true) {
    const log = openLog(logFolder, name);
    const program = { name, child: null, pause: FIRST_PAUSE_MS, restarts: 0, timer: null, held: false };
    const show = (text) => {
      const line = text.replaceAll(escapes, "");
      log.write(`${line}\n`);
      if (shows(line) && line.trim()) say(`${name.padEnd(6)} │ ${line}`);
    };
    program.start = () => {
      if (stopping || program.child) return;
      const since = Date.now();
      program.child = launch(command, show, (code, signal) => {
        program.child = null;
        if (stopping || program.held) return;
        if (Date.now() - since > HEALTHY_MS) program.pause = FIRST_PAUSE_MS;
        program.restarts++;
        say(
          `! the ${name} stopped (${howItEnded(code, signal)}); starting it again in ${program.pause / 1000} s`,
        );
        program.timer = setTimeout(program.start, program.pause);
        program.pause = Math.min(program.pause * 2, LONGEST_PAUSE_MS);
      });
    };
    programs.push(program);
    program.start();
    return {
      /** How often it had to be started again. */
      restarts: () => program.restarts,
      /** Ends it and starts it again at once, with its command asked anew. */
      async restart() {
        if (program.held) return;
        clearTimeout(program.timer);
        program.held = true;
        await end(program.child);
        program.held = false;
        program.start();
      },
    };
  }

  /** Ends every program: asks first, and kills what has not ended in time. */
  async function stop() {
    stopping = true;
    for (const program of programs) clearTimeout(program.timer);
    await Promise.all(programs.map((program) => end(program.child)));
  }

  return { add, stop };
}

/** What a command cannot be made of, as sources that do not compile, ends like a program that failed at once. */
function launch(command, show, onEnd) {
  let given;
  try {
    given = command();
  } catch (error) {
    show(explain(error) ?? error.stack);
    setImmediate(onEnd, null, null);
    return null;
  }
  const { args, env } = given;
  const child = spawn(process.execPath, ["--import", guard, ...args], {
    cwd: root,
    env: { ...process.env, ...env, GLEANER_LAUNCHER: String(process.pid) },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches only the launcher, which then stops things in order.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  child.stdin.on("error", () => undefined);
  for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on("line", show);
  let ended = false;
  const once = (code, signal) => {
    if (ended) return;
    ended = true;
    signalGroup(child, "SIGKILL"); // what it started may not outlive it
    onEnd(code, signal);
  };
  child.on("exit", once).on("error", (error) => {
    show(error.message);
    once(null, null);
  });
  return child;
}

function signalGroup(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
