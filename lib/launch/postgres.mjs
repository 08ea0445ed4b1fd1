import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { totalmem } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock.mjs";
import { loopbackPort } from "./ports.mjs";
import { postgresPrograms } from "./postgres-binaries.mjs";
import { commandOf, isAlive } from "./processes.mjs";
import { LaunchError, say } from "./say.mjs";
import { enroll, usersOf } from "./users.mjs";

const LOG_LIMIT = 10_000_000;
/** A killed server's children may hold its shared memory for a moment. */
const RETRY_FOR_MS = 30_000;

/** A quarter of the memory there is, in MB, as its manual says: lists of a million rows do not fit into its default of 128 MB. */
function cacheMb() {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(8192, Math.max(128, Math.floor(bytes / 4 / 2 ** 20)));
}

const serverOptions = (port, disposable) =>
  [
    `-p ${port}`,
    ...[
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=200",
      "timezone=UTC",
      "log_timezone=UTC",
      // What a failed statement held may be someone's data: it does not belong into a log.
      "log_min_error_statement=panic",
      ...(disposable
        ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        : [`shared_buffers=${cacheMb()}MB`]),
    ].map((setting) => `-c ${setting}`),
  ].join(" ");

const folders = (dir) => ({
  data: path.join(dir, "data"),
  password: path.join(dir, "password"),
  portNote: path.join(dir, "port"),
  log: path.join(dir, "server.log"),
  users: path.join(dir, "users"),
});

async function createCluster(programs, dir) {
  const { data, password } = folders(dir);
  if (!existsSync(password)) writeFileSync(password, randomBytes(18).toString("base64url"), { mode: 0o600 });
  programs.own(dir);
  if (existsSync(path.join(data, "PG_VERSION"))) return;
  // Made beside its final name, so that an interrupted one is never taken for whole.
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = await programs.run("initdb", [
    ...["-D", unfinished, "-U", "postgres", "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8"],
    ...["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
  ]);
  if (made.code !== 0) throw failure("the embedded Postgres could not create its data folder", made.output);
  renameSync(unfinished, data);
}

function failure(what, output) {
  const lines = output.trim().split("\n");
  const told = lines.findLast((line) => /FATAL|PANIC|error:|No space left/.test(line)) ?? lines.at(-1) ?? "";
  if (/No space left/.test(output))
    return new LaunchError("the disk is full", "free some space, then run this again");
  return new LaunchError(
    `${what}: ${told.trim()}`,
    "npm run doctor says more; or set DATABASE_URL to a Postgres of yours",
  );
}

/** What the server on `data` wrote about itself, or null when it does not run (any more). */
function runningServer(data) {
  let lines;
  try {
    lines = readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  // After a crash the number may belong to anyone: only a Postgres on this very folder counts.
  if (!isAlive(pid) || (process.platform !== "win32" && !commandOf(pid).includes(data))) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

function tail(file, from) {
  const size = statSync(file).size - from;
  const buffer = Buffer.alloc(Math.max(0, Math.min(size, 20_000)));
  const handle = openSync(file, "r");
  readSync(handle, buffer, 0, buffer.length, from);
  closeSync(handle);
  return buffer.toString("utf8");
}

function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

async function startServer(programs, dir, disposable) {
  const { data, log, portNote } = folders(dir);
  if (sizeOf(log) > LOG_LIMIT) renameSync(log, `${log}.1`);
  const giveUpAt = Date.now() + RETRY_FOR_MS;
  let port = existsSync(portNote) ? Number(readFileSync(portNote, "utf8")) : 0;
  for (;;) {
    port = await loopbackPort(port);
    rmSync(path.join(data, "postmaster.pid"), { force: true });
    const logged = sizeOf(log);
    const args = ["-D", data, "-w", "-t", "3600", "-l", log, "-o", serverOptions(port, disposable), "start"];
    // The server inherits these streams and outlives us: a pipe would never close.
    const { code } = await programs.run("pg_ctl", args, { stdio: "ignore" });
    if (code === 0) return writeFileSync(portNote, String(port));
    const told = existsSync(log) ? tail(log, logged) : "";
    const passing = /pre-existing shared memory|lock file .* already exists|Address already in use/.test(
      told,
    );
    if (!passing || Date.now() > giveUpAt) throw failure("the embedded Postgres did not start", told);
    if (/Address already in use/.test(told)) port = 0;
    await sleep(300);
  }
}

async function startOrStartAfresh(programs, dir, disposable) {
  try {
    await createCluster(programs, dir);
    await startServer(programs, dir, disposable);
  } catch (error) {
    if (!disposable) throw error;
    rmSync(folders(dir).data, { recursive: true, force: true });
    await createCluster(programs, dir);
    await startServer(programs, dir, disposable);
  }
}

async function join(dir, disposable) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { data, password, users } = folders(dir);
  let server = runningServer(data);
  const started = !server;
  if (!server) {
    await startOrStartAfresh(await postgresPrograms(), dir, disposable);
    server = runningServer(data);
    if (!server)
      throw failure("the embedded Postgres ended right after its start", tail(folders(dir).log, 0));
  }
  const login = `postgres:${readFileSync(password, "utf8").trim()}@127.0.0.1:${server.port}`;
  const url = (database) => `postgresql://${login}/${database}`;
  return { url, started, pid: server.pid, port: server.port, alone: usersOf(users).length === 0 };
}

/**
 * Starts this folder's own Postgres, or joins the one that runs, and enrolls as one of its users.
 * @param dir         folder of the cluster, its password and its log
 * @param disposable  for tests: faster than safe, and replaced when it does not start
 * @returns `url(database)`, `started` (false: joined), `alone` (no other process used it), `pid`, `port`,
 *          `revive()` after it died, `release()`, which stops the server once its last user has gone
 */
export async function openPostgres(dir, { disposable = false } = {}) {
  const guarded = (work) =>
    withLock(`${dir}.lock`, work, (holder) =>
      say(`· waiting for process ${holder?.pid ?? "?"}, which is starting or stopping the database …`),
    );
  let leave;
  const server = await guarded(async () => {
    const joined = await join(dir, disposable);
    leave = enroll(folders(dir).users);
    return joined;
  });
  return {
    ...server,
    revive: () => guarded(() => join(dir, disposable)),
    release: () =>
      guarded(async () => {
        leave();
        if (usersOf(folders(dir).users).length === 0) await stop(dir);
      }),
  };
}

async function stop(dir) {
  const { data } = folders(dir);
  if (!runningServer(data)) return;
  const programs = await postgresPrograms();
  await programs.run("pg_ctl", ["-D", data, "-m", "fast", "-w", "-t", "60", "stop"]);
}
