import { expect, expectAccessible, test } from "../support/e2e";
import { openStep, savedOn, stepOn, storeMined } from "../support/e2e-mined";

test("datasets: one is frozen with a validation split, a veto gives a new version, and both are compared", async ({
  page,
}) => {
  // By seed 0 and a share of 0.3, ledger-a is held out, and the other two are trained on.
  const held = await storeMined(page, "ledger-a");
  const [vetoed, kept] = [await storeMined(page, "ledger-b"), await storeMined(page, "ledger-e")];
  const ids = [held, vetoed, kept].map((path) => /\d+$/.exec(path)?.[0] ?? "");
  await page.goto(`/datasets/new?ids=${ids.join(",")}`);
  await page.getByRole("textbox", { name: "Name" }).fill("ledger");
  await page.getByRole("radio", { name: "All not vetoed" }).check();
  await page.getByLabel("Validation share").fill("0.7");
  await expect(page.getByText("a number from 0 to 0.5")).toBeVisible();
  await page.getByLabel("Validation share").fill("0.3");
  await expect(
    page.getByText("Held out for validation: 1 example of 1 subtask", { exact: false }),
  ).toBeVisible();
  await page.getByLabel("Most of one subtask").fill("1");
  await page.getByRole("button", { name: "Freeze this dataset" }).click();
  await expect(page).toHaveURL(/\/datasets\/\d+$/);
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("version 1");
  await page.getByRole("button", { name: "Rebuild and compare bytes" }).click();
  await expect(page.getByText(/^Byte-identical/)).toBeVisible();
  const first = page.url();
  await expectAccessible(page);
  await page.getByRole("link", { name: "See what is trained by Axolotl" }).click();
  await expect(page.getByRole("heading", { name: "What will be trained" })).toBeVisible();
  await expect(page.getByRole("region", { name: "validation" })).toContainText("of 1 example");
  await expectAccessible(page);
  await page.goto(first);
  await page.getByRole("link", { name: "validation 1" }).click();
  await expect(page.getByText("ledger-a").first()).toBeVisible();
  await expect(page.getByText("ledger-b")).toHaveCount(0);

  for (const step of [0, 1]) {
    await openStep(page, vetoed, step);
    await page.keyboard.press("x");
    await page.keyboard.press("1");
    await expect(stepOn(page, step)).toContainText(/vetoed/i);
    await expect(savedOn(page)).toBeVisible();
  }
  await page.goto(first);
  await page.getByRole("link", { name: "New version" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("ledger");
  await expect(page.getByText("this becomes version 2 of it", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Freeze this dataset" }).click();
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("version 2");
  await page.getByRole("link", { name: "what changed since version 1" }).click();
  await expect(page.getByRole("heading", { name: "ledger v1 to ledger v2" })).toBeVisible();
  const out = page.getByRole("region", { name: /^Fell out: vetoed by/ });
  await expect(out).toContainText("ledger-b");
  await expectAccessible(page);
});
