import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, wherever the command was called from. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

// Settings may be kept in a file; what the environment says goes first.
const settings = path.join(root, ".env");
if (existsSync(settings)) {
  if (process.loadEnvFile) process.loadEnvFile(settings);
  else process.stderr.write("! .env is not read: that needs Node.js 20.12 or newer\n");
}

/** Where this instance keeps what it must not lose: GLEANER_DATA, or `.data` in the project. */
export const dataRoot = path.resolve(root, process.env.GLEANER_DATA || ".data");

/** Locks and notes about the code in this folder (packages, build), shared by every data folder. */
export const setupRoot = path.join(root, ".data", "setup");

/** Data of one Postgres major version cannot be read by another, so the folder is named by it. */
export const postgresFolder = "postgres-18";

export const inRoot = (...parts) => path.join(root, ...parts);
