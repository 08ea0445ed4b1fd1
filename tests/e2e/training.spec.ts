import type { Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { startFineTuneServer } from "../support/fine-tune-server";
import { expect, expectAccessible, test } from "../support/e2e";

test.describe.configure({ mode: "serial" });

/** Prints a loss for each of six steps, slowly enough to be seen. */
const script = `let step = 0;
const timer = setInterval(() => {
  step += 1;
  console.log(JSON.stringify({ loss: 2 / step, step, max_steps: 6 }));
  if (step === 6) clearInterval(timer);
}, 100);`;

/** A dataset of the demo's run, of everything that is not vetoed. */
async function aDataset(page: Page, name: string): Promise<void> {
  await page.goto("/datasets/new?run=1");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("radio", { name: /not vetoed/i }).check();
  await page.getByRole("button", { name: "Freeze this dataset" }).click();
  await expect(page).toHaveURL(/\/datasets\/\d+$/);
}

test("training: a command on this machine trains a dataset, and its checkpoint becomes a policy", async ({
  page,
}) => {
  const data = process.env["GLEANER_E2E_DATA"] ?? "";
  const file = path.join(data, "trainer.mjs");
  writeFileSync(file, script);
  writeFileSync(path.join(data, "train-commands.json"), JSON.stringify({ steps: [process.execPath, file] }));

  await page.goto("/training/providers/new");
  await page.getByRole("radio", { name: "Folder or command on this machine" }).check();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("this machine");
  await page.getByRole("combobox", { name: "Command", exact: true }).selectOption("steps");
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await expect(page.getByRole("table", { name: "Providers" })).toContainText("starts “steps” in it");

  await aDataset(page, "trained here");
  await page.getByRole("link", { name: "Train…" }).click();
  await page.getByLabel("Provider").selectOption({ label: "this machine" });
  await page.getByLabel("Model to begin with").fill("small-1");
  await page.getByRole("button", { name: "Start training" }).click();
  await expect(page).toHaveURL(/\/training\/\d+$/);
  await expect(page.getByText("trained", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Is it learning?")).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy run folder" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Events of this training" })).toContainText("step 6: loss");
  await expectAccessible(page);

  await page.getByLabel("Name of the policy").fill("tuned policy");
  await page.getByLabel("Served as").fill("small-1-tuned");
  await page.getByLabel("Base URL").fill("http://127.0.0.1:9/v1");
  await page.getByRole("button", { name: "Register as a policy" }).click();
  await page.getByRole("link", { name: "tuned policy" }).click();
  await expect(page.getByRole("heading", { name: "tuned policy" })).toBeVisible();
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("small-1-tuned");

  await page.goto("/training");
  await expect(page.getByRole("table", { name: "Trainings" })).toContainText("tuned policy");
});

test("training: a service is told to end a job that is cancelled", async ({ page }) => {
  const server = await startFineTuneServer();
  try {
    await page.goto("/training/providers/new");
    await expect(page.getByText("OpenAI starts no new fine-tuning jobs.")).toBeVisible();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("a service");
    await page.getByLabel("Base URL").fill(server.baseURL);
    await page.getByRole("button", { name: "Store", exact: true }).click();
    await expect(page.getByRole("table", { name: "Providers" })).toContainText(server.baseURL);
    await aDataset(page, "trained elsewhere");
    await page.getByRole("link", { name: "Train…" }).click();
    await page.getByLabel("Provider").selectOption({ label: "a service" });
    await page.getByLabel("Model to begin with").fill("small-1");
    await page.getByRole("button", { name: "Start training" }).click();
    await expect(page.getByText("training", { exact: true })).toBeVisible({ timeout: 30_000 });
    await page.getByRole("button", { name: "Cancel the training" }).click();
    await expect(page.getByText("cancelled", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    expect(server.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
  } finally {
    await server.close();
  }
});
