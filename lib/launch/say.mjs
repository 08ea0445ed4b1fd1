/** An expected failure: what happened to which thing, and what to do next. Shown without a stack trace. */
export class LaunchError extends Error {
  constructor(message, fix, options) {
    super(message, options);
    this.name = "LaunchError";
    this.fix = fix;
  }
}

let stream = process.stdout;

/** Sends all further chatter to stderr, for commands whose stdout is the answer. */
export function keepStdoutClean() {
  stream = process.stderr;
}

export function say(line = "") {
  stream.write(`${line}\n`);
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs `work` and keeps the reader informed when it takes more than a moment.
 * @param doing what is going on, as in "installing packages"
 * @param note what to expect, as in "about a minute, only the first time"
 */
export async function step(doing, work, note) {
  const since = performance.now();
  let announced = false;
  const announce = setTimeout(() => {
    announced = true;
    say(`· ${doing}${note ? ` (${note})` : ""} …`);
  }, 600);
  const remind = setInterval(() => say(`  still ${doing}, ${seconds(since)}`), 15_000);
  try {
    const result = await work();
    if (announced) say(`✓ ${doing}: done in ${seconds(since)}`);
    return result;
  } finally {
    clearTimeout(announce);
    clearInterval(remind);
  }
}

const systemErrors = {
  ENOSPC: (error) => [
    "the disk is full",
    `free some space${where(error, " where ", " is")}, then run this again`,
  ],
  EDQUOT: (error) => [
    "the disk quota is used up",
    `free some space${where(error, " near ")}, then run this again`,
  ],
  EROFS: (error) => [
    `cannot write${where(error, " to ")}: read-only`,
    "set GLEANER_DATA to a writable folder",
  ],
  EACCES: (error) => [
    `no permission${where(error, " for ")}`,
    "give your user access to it, or set GLEANER_DATA to a folder of your own",
  ],
  EPERM: (error) => systemErrors.EACCES(error),
};
const where = (error, before, after = "") => (error.path ? `${before}${error.path}${after}` : "");

/** The two lines a person reads instead of a stack trace, or null when nobody expected this error. */
export function explain(error) {
  const known = systemErrors[error?.code];
  const [message, fix] = error instanceof LaunchError ? [error.message, error.fix] : (known?.(error) ?? []);
  return message ? `error: ${message}\nfix:   ${fix}` : null;
}
