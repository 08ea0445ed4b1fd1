import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { birthOf, isAlive } from "./processes.mjs";

/**
 * Notes that this process uses the thing `folder` stands for (a database server, a build), so that whoever
 * stops using it last can tell. A note dies with its process.
 * @returns a function that takes the note back
 */
export function enroll(folder) {
  mkdirSync(folder, { recursive: true });
  let number = 0;
  let file;
  do file = path.join(folder, `${process.pid}.${++number}.${birthOf(process.pid)}`);
  while (!writeNew(file));
  return () => rmSync(file, { force: true });
}

function writeNew(file) {
  try {
    writeFileSync(file, "", { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The process ids that use it now; notes of dead processes are cleared away. */
export function usersOf(folder) {
  const alive = [];
  for (const name of listed(folder)) {
    const [pid, , birth] = name.split(".");
    if (isAlive(Number(pid), birth)) alive.push(Number(pid));
    else rmSync(path.join(folder, name), { force: true });
  }
  return alive;
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
