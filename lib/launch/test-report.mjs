import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";

const none = { passed: 0, failed: 0, skipped: 0, failures: [] };

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

const firstLine = (text = "") => text.split("\n", 1)[0];

/** The tests in vitest's JSON report; a file that could not even be loaded counts as one that failed. */
export function countVitest(file) {
  const report = read(file);
  if (!report) return none;
  const failures = [];
  let unloaded = 0;
  for (const { name, status, message, assertionResults } of report.testResults) {
    const where = path.relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    for (const test of failed)
      failures.push(`${where} › ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
    if (status === "failed" && assertionResults.length === 0) {
      unloaded++;
      failures.push(`${where}: ${firstLine(message)}`);
    }
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** What Playwright calls a test that did not pass at once. */
const unsettled = new Set(["unexpected", "flaky"]);

/** The tests in Playwright's JSON report; one that passed only when repeated counts as failed. */
export function countPlaywright(file) {
  const report = read(file);
  if (!report) return none;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const failures = report.suites
    .flatMap(specs)
    .filter(({ tests }) => tests.some(({ status }) => unsettled.has(status)))
    .map((spec) => `${spec.file}:${spec.line} › ${spec.title}`);
  return { passed: expected, failed: unexpected + flaky, skipped, failures };
}
