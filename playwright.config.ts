import { defineConfig } from "@playwright/test";
import { chromiumLaunch } from "./tests/support/chromium";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  globalSetup: "./tests/support/e2e-server.ts",
  // The journeys share one workspace, as a person's would.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["json", { outputFile: ".data/test-report/e2e.json" }]],
  use: {
    launchOptions: await chromiumLaunch(),
    viewport: { width: 1280, height: 900 },
    screenshot: { mode: "only-on-failure", fullPage: true },
    trace: "retain-on-failure",
  },
});
