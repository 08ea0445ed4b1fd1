import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataRoot } from "./paths.mjs";
import { LaunchError } from "./say.mjs";

const file = path.join(dataRoot, "secret");

/** The key that endpoints' keys are encrypted with: GLEANER_SECRET, else one made once and kept in the data folder. */
function secret() {
  if (process.env.GLEANER_SECRET) return process.env.GLEANER_SECRET;
  try {
    mkdirSync(dataRoot, { recursive: true });
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST")
      throw new LaunchError(`cannot write ${file}: ${error.message}`, "check the rights of the data folder");
  }
  return readFileSync(file, "utf8").trim();
}

/** Tells every process started from here which data folder and which key are in use. */
export function shareInstance() {
  process.env.GLEANER_DATA = dataRoot;
  process.env.GLEANER_SECRET = secret();
}
