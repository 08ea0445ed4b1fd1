import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lockHolder, tryLock } from "./lock.mjs";
import { dataRoot } from "./paths.mjs";
import { say } from "./say.mjs";

const lockFile = path.join(dataRoot, "launcher.lock");

/** Tells where the instance that already runs on this data folder is; waits while it is still starting. */
async function pointTo(holder) {
  const shown = path.relative(process.cwd(), dataRoot) || dataRoot;
  if (!holder.note.url)
    say(`· process ${holder.pid} is already starting Gleaner on ${shown}; waiting for its address …`);
  let now = holder;
  while (now && !now.note.url) {
    await sleep(300);
    now = lockHolder(lockFile);
  }
  if (!now) return false;
  say(`Gleaner is already running on ${shown} (process ${now.pid}): ${now.note.url}`);
  say("To run a second one beside it: GLEANER_DATA=/another/folder npm start");
  return true;
}

/**
 * Makes this process the one instance of its data folder.
 * @returns the lock, or null after telling where the running instance is
 */
export async function becomeInstance() {
  for (;;) {
    const lock = await tryLock(lockFile, { url: null });
    if (lock) return lock;
    const holder = lockHolder(lockFile);
    if (holder && (await pointTo(holder))) return null;
  }
}

/** The address of the instance that runs on this data folder, or null. */
export function runningInstance() {
  return lockHolder(lockFile)?.note.url ?? null;
}
