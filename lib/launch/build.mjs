import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildUsers, demandUnused, settingUp } from "./install.mjs";
import { inRoot } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError, step } from "./say.mjs";
import { enroll } from "./users.mjs";

export const nextProgram = inRoot("node_modules", "next", "dist", "bin", "next");
export const prismaProgram = inRoot("node_modules", "prisma", "build", "index.js");

/** No program we start reports to its makers. */
export const quietEnv = {
  NEXT_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
};

const generated = inRoot("lib", "store", "generated");
const generatedStamp = path.join(generated, ".stamp");
const buildStamp = inRoot(".next", ".gleaner-build");

const buildInputs = [
  ...["app", "components", "lib", "prisma/schema.prisma", "proxy.ts", "next.config.js"],
  ...["postcss.config.mjs", "tsconfig.json", "package-lock.json"],
];
/** Parts of lib that no page can import. */
const notBuilt = new Set(["lib/launch", "lib/cli", "lib/store/generated"]);

function* filesBelow(name) {
  if (notBuilt.has(name) || !existsSync(inRoot(name))) return;
  let entries;
  try {
    entries = readdirSync(inRoot(name), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") return yield name;
    throw error;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (!entry.name.startsWith(".")) yield* filesBelow(`${name}/${entry.name}`);
}

/** A digest of the contents: neither a checkout nor a copy of the folder makes anything stale. */
function digest(names) {
  const hash = createHash("sha256").update(process.versions.node.split(".")[0]);
  for (const name of names)
    for (const file of filesBelow(name)) hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  return hash.digest("hex");
}

const stampIs = (file, value) => existsSync(file) && readFileSync(file, "utf8") === value;

const clientDigest = () => digest(["prisma/schema.prisma", "node_modules/prisma/package.json"]);

async function generate() {
  const env = { ...process.env, ...quietEnv };
  const { code, output } = await run(process.execPath, [prismaProgram, "generate"], { env });
  if (code !== 0)
    throw new LaunchError(
      `prisma generate failed:\n${output.trim()}`,
      "mend prisma/schema.prisma, then run this again",
    );
}

/** Whether the database client was made from this schema. */
export const clientIsCurrent = () => stampIs(generatedStamp, clientDigest());

/** Makes the database client from the schema, when the schema changed. */
export async function ensureGenerated() {
  const current = clientDigest();
  if (stampIs(generatedStamp, current)) return;
  await settingUp(async () => {
    if (stampIs(generatedStamp, current)) return;
    await step("generating the database client", generate);
    writeFileSync(generatedStamp, current);
  });
}

async function nextBuild() {
  const env = { ...process.env, ...quietEnv, NODE_ENV: "production" };
  const { code, output } = await run(process.execPath, [nextProgram, "build"], { env });
  if (code === 0) return;
  const last = output.trim().split("\n").slice(-40).join("\n");
  throw new LaunchError(`the build failed:\n${last}`, "mend what it names, then run this again");
}

/**
 * Builds the pages when a source changed since the last build, and enrolls as a user of the build.
 * @returns a function that leaves it
 */
export function holdBuild() {
  const current = () => digest(buildInputs);
  const isBuilt = () => existsSync(inRoot(".next", "BUILD_ID")) && stampIs(buildStamp, current());
  return settingUp(async () => {
    if (!isBuilt()) {
      demandUnused(buildUsers, "the sources changed and must be built anew");
      rmSync(buildStamp, { force: true });
      const building = current();
      await step("building the pages", nextBuild, "half a minute, only when the sources changed");
      writeFileSync(buildStamp, building);
    }
    return enroll(buildUsers);
  });
}
