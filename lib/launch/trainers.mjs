import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { dataRoot, root } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say, step } from "./say.mjs";

/** The trainers whose masks are proven, by their names in the Python package index. */
export const trainerNames = ["trl", "axolotl", "llamafactory", "ms-swift", "tinker-cookbook", "verl"];
/** What verl's SFT trainer imports and only its extras for GPUs ask for. */
const alongside = { verl: ["uvicorn", "fastapi"] };
/** One version of PyTorch for all of them: its files are then on the disk once. */
const TORCH = "torch==2.14.1";
/** What all of them run on: Axolotl asks for 3.12, and what it pins (zstandard 0.22) has no build for a newer one. */
const PYTHON = "3.12";

/** Where each trainer has a Python environment of its own: GLEANER_TRAINERS, or `trainers` in the data folder. */
export const trainersRoot = path.resolve(
  root,
  process.env.GLEANER_TRAINERS || path.join(dataRoot, "trainers"),
);

const onWindows = process.platform === "win32";
const programs = onWindows ? "Scripts" : "bin";
const pythonOf = (name) => path.join(trainersRoot, name, programs, onWindows ? "python.exe" : "python");
const lastLines = (output) => output.trim().split("\n").slice(-6).join("\n  ");

/** The version of a trainer as its environment has it, or null. */
function versionOf(name) {
  const library = path.join(trainersRoot, name, "lib");
  if (!existsSync(pythonOf(name)) || !existsSync(library)) return null;
  const packaged = new RegExp(`^${name.replace("-", "[-_]")}-(.+)\\.dist-info$`, "i");
  for (const python of readdirSync(library))
    for (const entry of readdirSync(path.join(library, python, "site-packages"))) {
      const version = packaged.exec(entry)?.[1];
      if (version) return version;
    }
  return null;
}

/** A Python with pip, which fetches uv. */
async function pythonWithPip(wanted) {
  for (const program of wanted ? [wanted] : ["python3", "python"])
    if ((await run(program, ["-m", "pip", "--version"])).code === 0) return program;
  throw new LaunchError(
    wanted ? `${wanted} has no pip, which fetches the trainers` : "no Python with pip was found",
    "install it (on Debian and Ubuntu: apt-get install python3-pip), or name a Python that has it: npm run env -- install trainers --python PROGRAM",
  );
}

/** A Python of that version that is here, pyenv's among them; else its number, for uv to look for or fetch. */
async function pythonToRunOn(wanted) {
  if (wanted) return wanted;
  const pyenv = path.join(process.env.PYENV_ROOT || path.join(homedir(), ".pyenv"), "versions");
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : [];
  const candidates = ["python3", ...versions.map((version) => path.join(pyenv, version, "bin", "python"))];
  const fits = `import sys; sys.exit("%d.%d" % sys.version_info[:2] != "${PYTHON}")`;
  for (const program of candidates) if ((await run(program, ["-c", fits])).code === 0) return program;
  return PYTHON;
}

/** uv installs in a minute what takes pip ten. @returns its program */
async function fetchUv(python) {
  const folder = path.join(trainersRoot, "uv");
  const program = path.join(folder, "bin", onWindows ? "uv.exe" : "uv");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const args = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--target", folder, "uv"];
  const { code, output } = await run(python, args);
  if (code === 0 && existsSync(program)) return program;
  throw new LaunchError(
    `pip could not fetch uv:\n  ${lastLines(output)}`,
    "check the network and pip's settings",
  );
}

/** uv's settings: its cache beside the environments, so that they share files, and the package index pip was given. */
function uvEnv() {
  const { UV_CACHE_DIR, UV_DEFAULT_INDEX, PIP_INDEX_URL } = process.env;
  const index = UV_DEFAULT_INDEX ?? PIP_INDEX_URL;
  const cache = UV_CACHE_DIR ?? path.join(trainersRoot, "uv-cache");
  return { ...process.env, UV_CACHE_DIR: cache, ...(index ? { UV_DEFAULT_INDEX: index } : {}) };
}

async function installOne(name, uv, python) {
  const env = uvEnv();
  const folder = path.join(trainersRoot, name);
  const made = await run(uv, ["venv", "--quiet", "--clear", "--python", python, folder], { env });
  const packages = [name, TORCH, ...(alongside[name] ?? [])];
  const args = ["pip", "install", "--quiet", "--python", pythonOf(name), ...packages];
  const { code, output } = made.code === 0 ? await run(uv, args, { env }) : made;
  if (code === 0) return;
  throw new LaunchError(
    `${name} could not be installed:\n  ${lastLines(output)}`,
    "check the network, the disk (about 8 GB for all of them), and pip's settings, then run this again",
  );
}

/** What `npm run env` does for the trainers. */
export const trainers = {
  title: "TRL, Axolotl, LLaMA-Factory, ms-swift, Tinker, verl; `npm run proofs` proves what they train on",

  /** Which are here, in words. */
  async state() {
    return trainerNames.map((name) => `${name} ${versionOf(name) ?? "is not installed"}`).join(", ");
  },

  /**
   * Installs those that are missing, or with `upgrade` all of them anew, each in an environment of its own.
   * @throws LaunchError
   */
  async install({ python: wanted, upgrade }) {
    const missing = trainerNames.filter((name) => upgrade || versionOf(name) === null);
    if (missing.length > 0) {
      mkdirSync(trainersRoot, { recursive: true });
      const uv = await step("fetching uv", async () => fetchUv(await pythonWithPip(wanted)));
      const python = await pythonToRunOn(wanted);
      for (const name of missing)
        await step(`installing ${name}`, () => installOne(name, uv, python), "it brings PyTorch along");
    }
    for (const name of trainerNames) say(`✓ ${name} ${versionOf(name)}`);
  },
};
