// npm test                     everything, from lint to journeys in a browser
// npm test -- unit e2e         only these stages
// npm test -- unit verdict     words that are no stage select test files
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { ensureGenerated, nextProgram, quietEnv, holdBuild } from "./build.mjs";
import { ensureInstalled, packageUsers } from "./install.mjs";
import { main } from "./main.mjs";
import { inRoot, root } from "./paths.mjs";
import { run } from "./processes.mjs";
import { explain, say } from "./say.mjs";
import { countPlaywright, countVitest } from "./test-report.mjs";
import { enroll } from "./users.mjs";

// Side by side where there are two processors: lint takes as long as the others together.
const staticStages = ["lint", "types", "format"];
const vitestStages = ["unit", "contract", "integration"];
const allStages = [...staticStages, ...vitestStages, "e2e"];

const reports = inRoot(".data", "test-report");
const bin = (...parts) => inRoot("node_modules", ...parts);
const env = { ...process.env, ...quietEnv };

const total = { passed: 0, failed: 0, skipped: 0 };
const failedStages = [];
const failures = [];

/** Runs one stage, shows its time and outcome. @returns whether it passed */
async function stage(name, work) {
  const since = performance.now();
  let passed;
  try {
    passed = await work();
  } catch (error) {
    passed = false;
    say(explain(error) ?? error.stack);
  }
  const time = ((performance.now() - since) / 1000).toFixed(1).padStart(6);
  say(`${passed ? "✓" : "✗"} ${name.padEnd(12)} ${time} s`);
  if (!passed) failedStages.push(name);
  return passed;
}

/** Runs a tool whose output matters only when it fails. */
async function quietly(program, args, options) {
  const { code, output } = await run(process.execPath, [program, ...args], { env, ...options });
  if (code !== 0) say(output.trimEnd());
  return code === 0;
}

/** Runs all works in their order, so many at once. */
async function inLanes(lanes, works) {
  const next = async () => {
    for (let work = works.shift(); work; work = works.shift()) await work();
  };
  await Promise.all(Array.from({ length: lanes }, next));
}

async function openly(program, args, options) {
  const stdio = ["ignore", "inherit", "inherit"];
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio, ...options });
  const [code] = await once(child, "exit");
  return code === 0;
}

const staticChecks = {
  format: () => quietly(bin("prettier", "bin", "prettier.cjs"), ["--check", "--log-level", "warn", "."]),
  lint: () => quietly(bin("eslint", "bin", "eslint.js"), [".", "--max-warnings", "0"]),
  types: () => quietly(bin("typescript", "bin", "tsc"), ["--noEmit"]),
};

/** Adds a runner's tests; one that fails without a failing test counts as one failure. */
function add(counts, passed) {
  total.passed += counts.passed;
  total.failed += !passed && counts.failed === 0 ? 1 : counts.failed;
  total.skipped += counts.skipped;
  failures.push(...counts.failures);
}

async function runVitest(projects, filters) {
  const file = path.join(reports, "vitest.json");
  rmSync(file, { force: true });
  const passed = await openly(bin("vitest", "vitest.mjs"), [
    ...["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    ...projects.map((project) => `--project=${project}`),
    ...(filters.length ? ["--passWithNoTests", ...filters] : []),
  ]);
  add(countVitest(file), passed);
  return passed;
}

async function runPlaywright(filters) {
  const file = path.join(reports, "e2e.json");
  rmSync(file, { force: true });
  const passed = await openly(bin("@playwright", "test", "cli.js"), [
    "test",
    ...(filters.length ? ["--pass-with-no-tests", ...filters] : []),
  ]);
  add(countPlaywright(file), passed);
  return passed;
}

function build() {
  return stage("build", async () => {
    (await holdBuild())();
    return true;
  });
}

async function runStages(stages, filters) {
  const chosen = (names) => names.filter((name) => stages.includes(name));
  // Routes have generated types: checking them must not depend on an earlier build.
  if (chosen(["lint", "types"]).length) await quietly(nextProgram, ["typegen"]);
  const checks = chosen(staticStages).map((name) => () => stage(name, staticChecks[name]));
  await inLanes(Math.min(2, availableParallelism()), checks);
  const projects = chosen(vitestStages);
  const journeys = stages.includes("e2e");
  // The pages are built beside the first tests, which leave a processor idle.
  const built = journeys ? build() : null;
  if (projects.length) await stage(projects.join(" + "), () => runVitest(projects, filters));
  if (!journeys) return;
  if (await built) await stage("e2e", () => runPlaywright(filters));
  else total.skipped++;
}

await main(async ({ atEnd }) => {
  await ensureInstalled();
  atEnd(enroll(packageUsers));
  await ensureGenerated();
  mkdirSync(reports, { recursive: true });
  const words = process.argv.slice(2);
  const asked = words.filter((word) => allStages.includes(word));
  await runStages(
    asked.length ? asked : allStages,
    words.filter((word) => !allStages.includes(word)),
  );
  if (failedStages.length) {
    process.exitCode = 1;
    // Again, and last: the rest of a long log is often cut.
    for (const failure of failures) say(`✗ ${failure}`);
    say(`failed: ${failedStages.join(", ")}`);
  }
  const stagesWithoutTests = failedStages.filter((name) => [...staticStages, "build"].includes(name));
  total.failed += stagesWithoutTests.length;
  say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
});
