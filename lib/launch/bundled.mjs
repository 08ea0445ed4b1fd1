import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { inRoot, root } from "./paths.mjs";
import { LaunchError } from "./say.mjs";

/** Inside the folder, so that packages are found from it; Next.js leaves its cache alone when it builds. */
const folder = inRoot(".next", "cache", "programs");

/**
 * A TypeScript program of this project as one file for Node, made anew from the sources of this moment in a tenth of a second.
 * A process that transforms its sources one by one starts a second later and holds 60 MB more for as long as it lives.
 * @param program relative to the project's folder
 * @throws LaunchError that says what does not compile, and where
 */
export function bundled(program) {
  const file = path.join(folder, `${path.basename(program, ".ts")}.mjs`);
  let output;
  try {
    [output] = buildSync({
      entryPoints: [inRoot(program)],
      absWorkingDir: root,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      packages: "external",
      logLevel: "silent",
      write: false,
    }).outputFiles;
  } catch (error) {
    throw new LaunchError(`${program} cannot be run: ${error.message}`, "mend what it names");
  }
  mkdirSync(folder, { recursive: true });
  // Another process may be reading the last one.
  writeFileSync(`${file}.${process.pid}`, output.contents);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
