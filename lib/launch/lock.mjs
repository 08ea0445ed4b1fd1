import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { birthOf, isAlive } from "./processes.mjs";

/** Long enough for a rival that was just interrupted between looking and taking over to put a lock back. */
const SETTLE_MS = 40;
const TELL_AFTER_MS = 1_500;

function readNote(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Who holds the lock right now: `{ pid, note }`, or null when nobody alive does. */
export function lockHolder(file) {
  const found = readNote(file);
  return found && isAlive(found.pid, found.birth) ? found : null;
}

function publish(file, content) {
  const own = `${file}.${content.token}`;
  writeFileSync(own, JSON.stringify(content));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves a dead holder's lock aside; a lock that changed hands meanwhile is put back. */
function removeStale(file, staleToken) {
  const aside = `${file}.stale.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const moved = readNote(aside);
  if (moved && moved.token !== staleToken)
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  rmSync(aside, { force: true });
}

/**
 * Takes a lock that ends with this process, however it ends. The kernel offers Node no file locks, so the lock is a
 * file published whole by a hard link, naming a process id and its birth.
 * @returns the lock, or null when another live process holds it
 */
export async function tryLock(file, note = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  const content = { pid: process.pid, birth: birthOf(process.pid), token: randomUUID(), note };
  for (;;) {
    if (publish(file, content)) {
      await sleep(SETTLE_MS);
      if (readNote(file)?.token !== content.token) return null;
      return {
        /** Tells others more about the holder. */
        update(more) {
          Object.assign(content.note, more);
          const next = `${file}.${content.token}`;
          writeFileSync(next, JSON.stringify(content));
          renameSync(next, file);
        },
        release() {
          if (readNote(file)?.token === content.token) rmSync(file, { force: true });
        },
      };
    }
    const found = readNote(file);
    if (found && isAlive(found.pid, found.birth)) return null;
    removeStale(file, found?.token);
  }
}

/** Runs `work` while holding the lock, waiting for it as long as it takes; `onWait` is told when that is long. */
export async function withLock(file, work, onWait) {
  const tellAt = performance.now() + TELL_AFTER_MS;
  let told = false;
  let lock = await tryLock(file);
  while (!lock) {
    if (!told && performance.now() > tellAt) {
      told = true;
      onWait?.(lockHolder(file));
    }
    await sleep(100);
    lock = await tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
