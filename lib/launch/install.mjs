import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { inRoot, setupRoot } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say, step } from "./say.mjs";
import { usersOf } from "./users.mjs";

const OLDEST_NODE = [20, 11];

/** Refuses a Node.js that is too old to run the rest. */
export function demandNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new LaunchError(
    `Gleaner needs Node.js ${OLDEST_NODE.join(".")} or newer, and this is ${process.versions.node}`,
    "install a current Node.js from https://nodejs.org, then run this again",
  );
}

const stampFile = inRoot("node_modules", ".gleaner-installed");
/** Where processes enroll that run from this folder's packages, or from its build: neither may change under them. */
export const packageUsers = path.join(setupRoot, "package-users");
export const buildUsers = path.join(setupRoot, "build-users");

const readIf = (file) => (existsSync(file) ? readFileSync(file, "utf8") : null);

function fingerprint() {
  const lock = readIf(inRoot("package-lock.json"));
  if (lock === null) throw new LaunchError("package-lock.json is missing", "git checkout package-lock.json");
  return createHash("sha256").update(`${process.platform}-${process.arch}\n${lock}`).digest("hex");
}

/** Packages whose installed version is not the locked one; optional ones may be absent. */
function differing() {
  const installed = JSON.parse(readIf(inRoot("node_modules", ".package-lock.json")) ?? "null")?.packages;
  const locked = JSON.parse(readIf(inRoot("package-lock.json")) ?? "{}").packages;
  if (!installed) return ["all of them"];
  return Object.entries(locked)
    .filter(([name, { version, optional }]) => {
      if (name === "") return false;
      return installed[name] ? installed[name].version !== version : !optional;
    })
    .map(([name]) => name.replace(/^.*node_modules\//, ""));
}

/** What keeps the installed packages from being those of package-lock.json; empty when they match. */
export function missingPackages() {
  if (readIf(stampFile) === fingerprint()) return [];
  // Packages for another system look complete but do not run here.
  const stamped = existsSync(stampFile);
  return differing().length === 0 && !stamped ? [] : stamped ? ["those that changed"] : differing();
}

const npmFailures = [
  [
    /EUSAGE|in sync/,
    "package.json and package-lock.json disagree",
    "npm install, then commit package-lock.json",
  ],
  [/ENOSPC/, "the disk is full, the packages need about 1.2 GB", "free some space, then run this again"],
  [/E40[13]/, "the npm registry refused access", "npm login, or check the registry: npm config get registry"],
  [
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|network/,
    "npm cannot reach its registry",
    "check the connection and `npm config get registry`, then run this again",
  ],
  [/EACCES|EPERM/, "npm may not write to node_modules", "give your user this folder: chown -R $USER ."],
];

/** How to run npm: as the one that runs us, else as found beside this Node.js or on the PATH. */
function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) return [process.execPath, [script, ...args], {}];
  return ["npm", args, { shell: process.platform === "win32" }];
}

async function install() {
  const [command, args, options] = npm([
    "ci",
    "--include=dev",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: inRoot("prisma", "schema-engine.mjs") };
  if (process.platform === "win32") delete env.PRISMA_SCHEMA_ENGINE_BINARY;
  const ended = await run(command, args, { env, ...options });
  if (ended.error)
    throw new LaunchError("npm was not found", "install it with Node.js from https://nodejs.org");
  if (ended.code === 0) return;
  const [, message, fix] = npmFailures.find(([pattern]) => pattern.test(ended.output)) ?? [];
  if (message) throw new LaunchError(message, fix);
  const last = ended.output.trim().split("\n").slice(-8).join("\n  ");
  throw new LaunchError(`npm ci failed:\n  ${last}`, "run `npm ci` to see all it says");
}

/** Packages and build belong to the folder: refuses to change them while another process runs from them. */
export function demandUnused(users, change) {
  const others = usersOf(users).filter((pid) => pid !== process.pid);
  if (others.length === 0) return;
  throw new LaunchError(
    `${change}, but Gleaner is running from this folder (process ${others.join(", ")})`,
    "stop it (Ctrl-C where it runs), then run this again",
  );
}

/** One at a time may install or build in this folder. */
export function settingUp(work) {
  mkdirSync(setupRoot, { recursive: true });
  return withLock(path.join(setupRoot, "lock"), work, (holder) =>
    say(`· waiting for process ${holder?.pid ?? "?"}, which is installing or building in this folder …`),
  );
}

/** Packages are installed by emptying node_modules: refuses where that is a link, which would empty another folder. */
export function demandOwnPackages(folder = inRoot("node_modules")) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new LaunchError(
    "the packages must be installed anew, but node_modules is a link: that would empty the folder it points to",
    "delete the link (not what it points to), then run this again; or install the packages where it points to",
  );
}

/** Makes node_modules what package-lock.json says; does nothing when it already is. */
export async function ensureInstalled() {
  demandNode();
  if (readIf(stampFile) === fingerprint()) return;
  await settingUp(async () => {
    if (missingPackages().length > 0) {
      demandOwnPackages();
      demandUnused(packageUsers, "the packages must be installed anew");
      await step("installing packages", install, "about a minute, only when they changed");
    }
    writeFileSync(stampFile, fingerprint());
  });
}
