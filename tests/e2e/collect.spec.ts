import { expect, test } from "../support/e2e";

test.describe.configure({ mode: "serial" });

test("collect: a policy plays subtasks, and what it recorded is there to be mined", async ({ page }) => {
  await page.goto("/collections");
  await page.getByRole("link", { name: "Collect trajectories" }).first().click();
  await expect(page.getByRole("heading", { name: "Collect trajectories" })).toBeVisible();
  await page.getByLabel("Policy").selectOption({ label: "Built-in expert" });
  await page.getByLabel("Environment").selectOption({ label: "corner-shop" });
  await page.getByLabel("How many, at most").fill("20");
  await page.getByLabel("Leaving out the first").fill("200");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("collected journey");
  await expect(page.getByText("20 episodes, at most 300 calls")).toBeVisible();
  await page.getByRole("button", { name: "Start collecting" }).click();
  await expect(page).toHaveURL(/\/collections\/\d+$/);
  await expect(page.getByRole("heading", { name: "collected journey" })).toBeVisible();
  await expect(page.getByText("20 of 20 episodes played")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("done", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("No episode broke.")).toBeVisible();
  await expect(page.getByText(/\d+ of 20 episodes solved/)).toBeVisible();
  const episodes = page.getByRole("table", { name: "Episodes of this collection" });
  await expect(episodes.getByRole("row")).toHaveCount(21);
  await episodes.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/trajectories\/\d+/);
  await page.goBack();
  await page.getByRole("link", { name: "Mine the failures" }).click();
  await expect(page.getByText(/\d+ rollouts, at most/)).toBeVisible();
});

test("collect: a budget that does not suffice ends it, and a larger one goes on", async ({ page }) => {
  await page.goto("/collections/new");
  await page.getByLabel("Environment").selectOption({ label: "corner-shop" });
  await page.getByLabel("How many, at most").fill("30");
  await page.getByLabel("Leaving out the first").fill("240");
  await page.getByLabel("Calls in all, at most").fill("60");
  await expect(page.getByText("30 episodes, at most 60 calls")).toBeVisible();
  await page.getByRole("button", { name: "Start collecting" }).click();
  await expect(page.getByText("The budget is used up.")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("skipped", { exact: true }).first()).toBeVisible();
  await page.getByLabel("Calls in all, at most").fill("");
  await page.getByRole("button", { name: "Go on with what was skipped" }).click();
  await expect(page.getByText("30 of 30 episodes played")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("The budget is used up.")).toBeHidden();
});

test("collect: subtasks are chosen by name, and a wrong name is told before anything is spent", async ({
  page,
}) => {
  await page.goto("/collections/new");
  await page.getByLabel("Environment").selectOption({ label: "corner-shop" });
  await page.getByLabel("By name").check();
  await page.getByLabel("Names").fill("nowhere_1");
  await expect(page.getByText("the environment has no subtask “nowhere_1”")).toBeVisible();
});
