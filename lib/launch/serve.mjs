import path from "node:path";
import { quietEnv, ensureGenerated, holdBuild } from "./build.mjs";
import { becomeInstance } from "./instance.mjs";
import { ensureInstalled, packageUsers } from "./install.mjs";
import { untilStopped } from "./main.mjs";
import { dataRoot } from "./paths.mjs";
import { webPort } from "./ports.mjs";
import { say, step } from "./say.mjs";
import { createSupervisor } from "./supervisor.mjs";
import { enroll } from "./users.mjs";
import { addressOf, exposureWarning, webAnswer, webCommand, worthShowing } from "./web.mjs";

const logFolder = path.join(dataRoot, "logs");

/** Installs, generates and takes note that this process runs from the packages. */
async function prepare(atEnd) {
  await ensureInstalled();
  atEnd(enroll(packageUsers));
  await ensureGenerated();
}

/** Opens the database, keeps it alive, and calls `onMoved` when its address changed. */
async function database(atEnd, onMoved) {
  const { databaseAddress, openDatabase } = await import("./database.mjs");
  const opened = await openDatabase();
  atEnd(opened.release);
  if (!opened.external) {
    const { watchPostgres } = await import("./watch-postgres.mjs");
    atEnd(watchPostgres(opened.server, databaseAddress, onMoved));
  }
  return opened;
}

/** How a worker is started; asked at every start, for in development its sources have changed by then. */
async function workerCommand(state, mode) {
  const { bundled } = await import("./bundled.mjs");
  const NODE_ENV = mode === "dev" ? "development" : "production";
  return () => ({
    args: [bundled("lib/jobs/worker.ts")],
    env: { ...quietEnv, DATABASE_URL: state.url, NODE_ENV },
  });
}

/** Mining writes a line per trajectory: the log file keeps them all, the terminal shows what went wrong. */
const isTrouble = (line) => /\berror\b|took back/.test(line);

function welcome(url, status, external) {
  const where = external
    ? "the database in DATABASE_URL"
    : path.relative(process.cwd(), dataRoot) || dataRoot;
  say();
  say(`  Gleaner is running:  ${url}`);
  say(`  your data:           ${where}`);
  say("  stop it with Ctrl-C; nothing is lost");
  say();
  if (status >= 500)
    say(
      `! the first page answered with an error (${status}): see ${path.join(logFolder, "web.log")}, or npm run doctor`,
    );
}

/**
 * Runs the pages and one worker until told to stop.
 * @param mode "start": the built pages; "dev": Next.js in development
 */
export async function serve(mode, { atEnd, serving }) {
  const lock = await becomeInstance();
  if (!lock) return null;
  atEnd(lock.release);
  const host = process.env.HOST || "127.0.0.1";
  await webPort(host, process.env.PORT); // better refused now than after a long build
  await prepare(atEnd);
  if (mode === "start") atEnd(await holdBuild());
  const port = await webPort(host, process.env.PORT);

  const programs = [];
  const state = { host, port };
  const opened = await database(atEnd, (moved) => {
    state.url = moved;
    for (const program of programs) void program.restart();
  });
  state.url = opened.url;
  const { ensureMigrated, ensureSeeded } = await import("./database.mjs");
  await ensureMigrated(opened.url);
  await ensureSeeded(opened.url);

  const supervisor = createSupervisor(logFolder);
  atEnd(supervisor.stop);
  const web = supervisor.add("web", () => webCommand(mode, state), worthShowing);
  const worker = supervisor.add("worker", await workerCommand(state, mode), isTrouble);
  programs.push(web, worker);
  const status = await step("waiting for the first page", () =>
    webAnswer(web, { host, port, logFile: path.join(logFolder, "web.log") }),
  );
  serving();
  const url = addressOf(host, port);
  lock.update({ url });
  welcome(url, status, opened.external);
  const warning = exposureWarning(host);
  if (warning) say(warning);
  atEnd(() => say("stopping …"));
  if (mode === "dev") await restartOnChange(worker);
  return untilStopped;
}

/** In development the worker runs what was saved last, as the pages do. */
async function restartOnChange(worker) {
  const { watch } = await import("node:fs");
  const { inRoot } = await import("./paths.mjs");
  let timer = null;
  watch(inRoot("lib"), { recursive: true }, (_event, file) => {
    if (!/\.tsx?$/.test(file ?? "") || file.startsWith("launch")) return;
    clearTimeout(timer);
    timer = setTimeout(() => void worker.restart(), 300);
  });
}

/** Runs one worker, on DATABASE_URL or on this folder's own database, until told to stop. */
export async function serveWorker({ atEnd, serving }) {
  await prepare(atEnd);
  const state = {};
  let worker = null;
  const opened = await database(atEnd, (moved) => {
    state.url = moved;
    void worker?.restart();
  });
  state.url = opened.url;
  const { demandMigrated, ensureMigrated, withoutPassword } = await import("./database.mjs");
  // A database others serve from is theirs to update: a worker of another version must not.
  await (opened.external ? demandMigrated : ensureMigrated)(opened.url);
  const supervisor = createSupervisor(logFolder);
  atEnd(supervisor.stop);
  worker = supervisor.add("worker", await workerCommand(state, "start"));
  serving();
  say(`a worker is running on ${withoutPassword(opened.url)}; stop it with Ctrl-C`);
  atEnd(() => say("stopping: finishing or releasing the work in hand …"));
  return untilStopped;
}
