import { endRunning } from "./processes.mjs";
import { explain } from "./say.mjs";

/** A terminal and npm may each deliver the same Ctrl-C: only a later one means "at once". */
const IMPATIENT_AFTER_MS = 1_500;
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** What a command waits for that runs until it is told to stop. */
export const untilStopped = new Promise(() => undefined);

function firstSignal() {
  return new Promise((resolve) => {
    let since = null;
    for (const signal of Object.keys(signalCodes))
      process.on(signal, () => {
        if (since !== null && performance.now() - since > IMPATIENT_AFTER_MS)
          process.exit(signalCodes[signal]);
        since ??= performance.now();
        resolve(signal);
      });
    // npm passes a stop signal to the shell between it and us, and that shell just dies.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event && process.platform !== "win32")
      setInterval(() => process.ppid !== parent && resolve("SIGTERM"), 500).unref();
  });
}

function report(error) {
  const known = explain(error);
  const unknown = () =>
    `error: ${error?.stack ?? error}\nfix:   this should not happen; npm run doctor may say why`;
  process.stderr.write(`${known ?? unknown()}\n`);
}

/**
 * The frame of every command: runs `work`, shows a failure as `error:` and `fix:`, and on success, failure and signal
 * alike runs what was handed to `atEnd`, last first, before the process ends.
 * @param work ({ atEnd, serving }) => Promise; `serving()` makes a stop signal a success
 */
export async function main(work) {
  const cleanups = [];
  let serving = false;
  const signalled = firstSignal();
  const tools = { atEnd: (cleanup) => cleanups.push(cleanup), serving: () => (serving = true) };
  try {
    const signal = await Promise.race([work(tools).then(() => null), signalled]);
    if (signal) process.exitCode = serving ? 0 : signalCodes[signal];
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
  endRunning();
  for (const cleanup of cleanups.reverse()) await Promise.resolve(cleanup()).catch(report);
  process.exit();
}
