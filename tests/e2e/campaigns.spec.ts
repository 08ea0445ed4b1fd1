import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/e2e";

test.describe.configure({ mode: "serial" });

const subtasks = { first: "200", count: "20" };

test("campaign: an iteration explores, is frozen, and the next one makes its verdicts stale", async ({
  page,
}) => {
  await page.goto("/collections/new");
  await page.getByLabel("Policy").selectOption({ label: "Built-in expert" });
  await page.getByLabel("Environment").selectOption({ label: "corner-shop" });
  await page.getByLabel("How many, at most").fill(subtasks.count);
  await page.getByLabel("Leaving out the first").fill(subtasks.first);
  await page.getByRole("button", { name: "Start collecting" }).click();
  await expect(page.getByText("20 of 20 episodes played")).toBeVisible({ timeout: 60_000 });

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Campaigns" }).click();
  await expect(page.getByText("No campaign yet")).toBeVisible();
  await page.getByRole("link", { name: "Begin a campaign" }).first().click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("campaign journey");
  await page.getByLabel("Environment").selectOption({ label: "corner-shop" });
  await page.getByLabel("How many, at most").fill(subtasks.count);
  await page.getByLabel("Leaving out the first").fill(subtasks.first);
  await page.getByRole("button", { name: "Begin the campaign" }).click();
  await expect(page).toHaveURL(/\/campaigns\/\d+$/);
  await expect(page.getByRole("heading", { name: "campaign journey" })).toBeVisible();
  await expect(page.getByText("Nothing has explored yet")).toBeVisible();

  await page.getByLabel("Checkpoint of iteration 0").selectOption({ label: "Built-in agent" });
  await page.getByRole("button", { name: "Start iteration 0" }).click();
  const iterations = page.getByRole("table", { name: "Iterations of this campaign" });
  await expect(iterations.getByText("explored", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(
    page.getByText("How many of the tasks the expert failed are solved now?").first(),
  ).toBeVisible();

  await page.getByRole("button", { name: "Freeze dataset 0" }).click();
  await expect(iterations.getByRole("link", { name: /^dataset \d+$/ })).toBeVisible({ timeout: 30_000 });

  await page.getByLabel("Checkpoint of iteration 1").selectOption({ label: "Built-in expert" });
  await page.getByRole("button", { name: "Start iteration 1" }).click();
  await expect(iterations.getByRole("row")).toHaveCount(3);
  await expect(iterations.getByText("stale", { exact: true })).toBeVisible();
  await expect(iterations.getByText("explored", { exact: true })).toHaveCount(2, { timeout: 60_000 });
});

test("campaign: without a name nothing begins", async ({ page }) => {
  await page.goto("/campaigns/new");
  await expect(page.getByRole("button", { name: "Begin the campaign" })).toBeDisabled();
});

for (const path of ["/campaigns", "/campaigns/new", "/campaigns/1"])
  test(`campaign: ${path} is accessible`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((n) => n.target.join(" ")) }))).toEqual(
      [],
    );
  });

test("campaign: one that is not there is said to be missing", async ({ page, pageErrors }) => {
  await page.goto("/campaigns/999999");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/nothing/i);
  pageErrors.length = 0;
});
