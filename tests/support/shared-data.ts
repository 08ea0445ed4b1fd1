import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** A file of the shared test data; tests that need it skip, saying so, where it is absent. */
export const sharedFile = (...parts: string[]): string => path.join(folder, ...parts);

/** For `describe.skipIf`: says which data is missing when it is. */
export function sharedDataMissing(...parts: string[]): boolean {
  const missing = !existsSync(sharedFile(...parts));
  if (missing) console.warn(`skipped: ../shared/data/${parts.join("/")} is not here`);
  return missing;
}

export const sharedJson = (...parts: string[]): unknown =>
  JSON.parse(readFileSync(sharedFile(...parts), "utf8"));
