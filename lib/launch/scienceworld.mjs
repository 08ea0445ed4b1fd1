import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { dataRoot } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say, step } from "./say.mjs";

const folder = path.join(dataRoot, "environments", "scienceworld");
const jar = path.join(folder, "scienceworld.jar");
const noteFile = path.join(folder, "installed.json");

const byHand =
  "npm run env -- install scienceworld --jar PATH, with the scienceworld.jar of the Python package scienceworld";

/** What is installed: `{ version, sha256, … }`, or null. */
function installed() {
  if (!existsSync(jar)) return null;
  try {
    return JSON.parse(readFileSync(noteFile, "utf8"));
  } catch {
    return { version: null };
  }
}

const named = (version) => (version ? `ScienceWorld ${version}` : "ScienceWorld");
const lastLine = (output) => output.trim().split("\n").at(-1) ?? "";

async function javaVersion() {
  const program = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin", "java") : "java";
  const { code, output } = await run(program, ["-version"]);
  return code === 0 ? (/version "([^"]+)"/.exec(output)?.[1] ?? "of unknown version") : null;
}

/** A Python that has pip. */
async function findPython(wanted) {
  const programs = wanted ? [wanted] : ["python3", "python"];
  let found = null;
  for (const program of programs) {
    const { code } = await run(program, ["--version"]);
    if (code !== 0) continue;
    found = program;
    if ((await run(program, ["-m", "pip", "--version"])).code === 0) return program;
  }
  if (found)
    throw new LaunchError(
      `${found} has no pip, which fetches the simulator`,
      `install it (on Debian and Ubuntu: apt-get install python3-pip), or ${byHand}`,
    );
  throw new LaunchError(
    wanted ? `${wanted} is no Python that runs` : "no Python was found; its pip fetches the simulator",
    `install Python 3 with pip (on Debian and Ubuntu: apt-get install python3-pip), or ${byHand}`,
  );
}

/** Fetches the published package and takes it apart. @returns the jar's path and the package's version */
async function fetchPackage(python, into) {
  const args = ["-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--quiet"];
  const got = await run(python, [...args, "--only-binary=:all:", "--dest", into, "scienceworld"]);
  const wheel = readdirSync(into).find((name) => name.endsWith(".whl"));
  if (got.code !== 0 || !wheel)
    throw new LaunchError(
      `pip could not fetch the package scienceworld: ${lastLine(got.output)}`,
      `check the network and pip's settings, or ${byHand}`,
    );
  const unpacked = path.join(into, "unpacked");
  const { code, output } = await run(python, ["-m", "zipfile", "-e", path.join(into, wheel), unpacked]);
  const found = path.join(unpacked, "scienceworld", "scienceworld.jar");
  if (code !== 0 || !existsSync(found))
    throw new LaunchError(`the package ${wheel} holds no scienceworld.jar ${lastLine(output)}`, byHand);
  return { file: found, version: /^scienceworld-([^-]+)-/.exec(wheel)?.[1] ?? null };
}

/** Puts a jar in place whole: whoever starts a simulator meanwhile gets the old one or the new one. */
function place(file, version) {
  const content = readFileSync(file);
  // A jar is a zip file, and those begin so.
  if (content.subarray(0, 2).toString("latin1") !== "PK")
    throw new LaunchError(
      `${file} is not a jar`,
      "name the scienceworld.jar of the Python package scienceworld",
    );
  mkdirSync(folder, { recursive: true });
  const fresh = `${jar}.${randomUUID()}`;
  copyFileSync(file, fresh);
  renameSync(fresh, jar);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const note = { version, sha256, installedAt: new Date().toISOString() };
  writeFileSync(`${noteFile}.new`, `${JSON.stringify(note, null, 2)}\n`);
  renameSync(`${noteFile}.new`, noteFile);
}

function placeNamed(file) {
  if (!existsSync(file)) throw new LaunchError(`there is no file ${file}`, "correct the path after --jar");
  place(file, null);
}

async function fetchAndPlace(wanted) {
  const python = await findPython(wanted);
  const temporary = mkdtempSync(path.join(tmpdir(), "gleaner-env-"));
  try {
    const { file, version } = await step(
      "fetching ScienceWorld",
      () => fetchPackage(python, temporary),
      "7 MB",
    );
    place(file, version);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What `npm run env` does for ScienceWorld. */
export const scienceworld = {
  title: "the real ScienceWorld simulator (allenai/ScienceWorld, Apache-2.0); runs in Java",

  /** Whether it can be used, in words. */
  async state() {
    const found = installed();
    const java = await javaVersion();
    const parts = [found ? `${named(found.version)} is installed` : "not installed"];
    parts.push(java ? `Java ${java}` : "no Java");
    return parts.join(", ");
  },

  /**
   * Fetches the simulator, or takes the jar that is named. Does nothing when it is already there, unless told to upgrade.
   * @throws LaunchError
   */
  async install({ jar: given, python, upgrade }) {
    if (given) placeNamed(path.resolve(process.env.INIT_CWD ?? process.cwd(), given));
    else if (upgrade || !installed()) await fetchAndPlace(python);
    say(`✓ ${named(installed()?.version)} is at ${path.relative(process.cwd(), jar)}`);
    const java = await javaVersion();
    if (java) return say(`✓ Java ${java}`);
    throw new LaunchError(
      "the simulator is here, but no Java runtime was found to run it",
      "install one, version 8 or newer (on Debian and Ubuntu: apt-get install openjdk-17-jre-headless), or set JAVA_HOME",
    );
  },
};
