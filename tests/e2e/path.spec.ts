import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/e2e";

/** The five journeys, in the order a person takes them, in one workspace that begins with the demo. */
test.describe.configure({ mode: "serial" });

const stored = (page: Page) => page.getByRole("region", { name: "Stored" });

async function store(page: Page, sample: string): Promise<void> {
  await page.goto("/import");
  await page.getByRole("button", { name: sample }).click();
  await expect(page.getByRole("heading", { name: "What was understood" })).toBeVisible();
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await expect(page.getByRole("heading", { name: "What next" })).toBeVisible();
}

test("import: trajectories and evidence are previewed, stored, and stored only once", async ({ page }) => {
  await store(page, "three sample trajectories");
  await expect(stored(page)).toContainText(/Stored\s*3/);
  await store(page, "three sample trajectories");
  await expect(stored(page)).toContainText(/Duplicates\s*3/);
  await store(page, "rollouts for them");
  await page.getByRole("link", { name: "Review them" }).click();
  await expect(page.getByRole("row", { name: /desk_1/ })).toBeVisible();
});

test("import: good lines land, bad ones are shown with line number and reason", async ({ page }) => {
  const good = (await readFile("public/sample-trajectories.jsonl", "utf8")).split("\n")[0] ?? "";
  const file = `${good.replaceAll("desk_1", "desk_9")}\n{"broken": \n{"neither":"nor"}\n`;
  await page.goto("/import");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a file" }).click(),
  ]);
  await chooser.setFiles({ name: "mixed.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(file) });
  await expect(page.getByRole("region", { name: "What was understood" })).toContainText(/Rejected\s*2/);
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await expect(stored(page)).toContainText(/Stored\s*1/);
  await expect(page.getByRole("row", { name: /^2 .*JSON/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^3 .*no known format/ })).toBeVisible();
});

test("mine: a run is planned, started, followed live to its end", async ({ page }) => {
  await page.goto("/trajectories?text=wool");
  await page.getByRole("link", { name: /^Mine all matching/ }).click();
  await expect(page.getByText(/About [\d,]+ model calls, at most/)).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("journey");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page).toHaveURL(/\/runs\/\d+$/);
  await expect(page.getByRole("heading", { name: "journey" })).toBeVisible();
  await expect(page.getByText(/No rollout broke/)).toBeVisible();
  await expect(page.getByText("done", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
});

test("mine: a budget ends a run with what it has, and a larger one lets it go on", async ({ page }) => {
  await page.goto("/trajectories?text=wool");
  await page.getByRole("link", { name: /^Mine all matching/ }).click();
  await page.getByLabel("Calls in all, at most").fill("40");
  await expect(page.getByLabel("Money in all, at most")).toBeDisabled();
  await page.getByRole("radio", { name: "Careful" }).check();
  await page.getByText("When a verdict is given (advanced)").click();
  await expect(page.getByLabel("A state is solved")).toHaveValue("eef-2");
  await page.getByRole("radio", { name: "Paper" }).check();
  await expect(page.getByText("at most 40", { exact: false })).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("thrifty");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page).toHaveURL(/\/runs\/\d+$/);
  await expect(page.getByText("budget used up", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/of 40 calls are spent/)).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Budget of calls" })).toBeVisible();
  await page.getByLabel("Calls in all, at most").fill("");
  await page.getByRole("button", { name: "Go on under this budget" }).click();
  await expect(page.getByText("done", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("budget used up", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /more rollouts buy/ })).toBeVisible();
});

test("mine: an endpoint with prices and bounds that nobody serves is waited for, and says so", async ({
  page,
}) => {
  await page.goto("/policies/new");
  await page.getByLabel("Name").fill("nobody");
  // Nothing listens on the discard port.
  await page.getByLabel("Base URL").fill("http://127.0.0.1:9/v1");
  await page.getByLabel("Model", { exact: true }).fill("none");
  await page.getByLabel("Price of a million tokens in").fill("0.15");
  await page.getByLabel("Price of a million tokens out").fill("0.6");
  await page.getByRole("radio", { name: "A fixed number" }).check();
  await page.getByLabel("Calls at once", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Store" }).click();
  await page.getByRole("link", { name: "Change nobody" }).click();
  await expect(page.getByLabel("Price of a million tokens in")).toHaveValue("0.15");
  await expect(page.getByLabel("Calls at once", { exact: true })).toHaveValue("3");
  await page.goto("/trajectories?text=wool");
  await page.getByRole("link", { name: /^Mine all matching/ }).click();
  await page.getByLabel("Agent").selectOption({ label: "nobody" });
  await expect(page.getByLabel("Money in all, at most")).toBeEnabled();
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "does not answer" })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText("waiting", { exact: true })).toBeVisible();
  await expect(page.getByRole("table", { name: /Changes of the number of calls at once/ })).toContainText(
    "in a row failed",
  );
  await expect(page.getByRole("table", { name: "Workers" })).toContainText(/\S:\d+/);
  const runPage = page.url();
  await page.goto("/runs");
  await expect(page.getByRole("row").nth(1)).toContainText("waiting");
  await page.goto(runPage);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("cancelled", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
});

test("review: an action is approved, vetoed with a reason and undone by keyboard, and survives a reload", async ({
  page,
}) => {
  await page.goto("/trajectories?verdict=beneficial&sort=beneficial");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByRole("status").filter({ hasText: "All saved" })).toBeVisible();
  const beneficial = page.getByRole("article").filter({ hasText: /beneficial|recovery/ });
  await beneficial
    .first()
    .getByRole("link", { name: /Go to step/ })
    .click();
  await page.keyboard.press("a");
  await expect(beneficial.first()).toContainText(/approved/i);
  await page.keyboard.press("x");
  await page.keyboard.press("1");
  await expect(beneficial.first()).toContainText(/vetoed/i);
  await page.keyboard.press("u");
  await expect(beneficial.first()).toContainText(/approved/i);
  await expect(page.getByRole("status").filter({ hasText: "All saved" })).toBeVisible();
  await page.reload();
  await expect(beneficial.first()).toContainText(/approved/i);
  await expect(page.getByText("local").first()).toBeVisible();
});

test("curate and export: what was approved is frozen and downloaded with its mask", async ({ page }) => {
  await page.goto("/datasets/new?run=1");
  await page.getByRole("textbox", { name: "Name" }).fill("journey set");
  await page.getByRole("button", { name: "Freeze this dataset" }).click();
  await expect(page).toHaveURL(/\/datasets\/\d+$/);
  await expect(page.getByRole("heading", { name: "journey set" })).toBeVisible();
  const href = await page.locator('a[href$="format=openai&part=rows"]').getAttribute("href");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`a[href="${href}"]`).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const { messages, ...rest } = JSON.parse(line) as { messages: { role: string; weight?: number }[] };
    expect(Object.keys(rest)).toEqual([]);
    const weights = messages.filter((m) => m.role === "assistant").map((m) => m.weight);
    expect(weights.every((weight) => weight === 0 || weight === 1)).toBe(true);
    expect(weights.at(-1)).toBe(1);
  }
  const sidecar = await page.request.get((href ?? "").replace("part=rows", "part=provenance"));
  expect((await sidecar.text()).trimEnd().split("\n")).toHaveLength(lines.length);
});
