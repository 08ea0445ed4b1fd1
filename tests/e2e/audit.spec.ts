import { expect, expectAccessible, test } from "../support/e2e";
import { decisionsOn, openStep, savedOn, stepOn, storeMined } from "../support/e2e-mined";

test("audit: decisions made by keyboard are listed, filtered by contradiction, and lead back", async ({
  page,
}) => {
  const pathname = await storeMined(page, "audited-lamp");
  await openStep(page, pathname, 0);
  await page.keyboard.press("a");
  await expect(stepOn(page, 0)).toContainText("approved");
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/#step-1$/);
  await page.keyboard.press("x");
  await page.keyboard.press("1");
  await expect(stepOn(page, 1)).toContainText("vetoed");
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/#step-2$/);
  await page.keyboard.press("p");
  await page.keyboard.press("1");
  await expect(stepOn(page, 2)).toContainText("promoted");
  await expect(savedOn(page)).toBeVisible();

  const id = pathname.split("/").at(-1) ?? "";
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Review" }).click();
  await page.getByRole("link", { name: "All decisions" }).click();
  await page.getByRole("textbox", { name: "Trajectory", exact: true }).fill(id);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(new RegExp(`trajectory=${id}`));
  await expect(decisionsOn(page)).toHaveCount(3);
  await page.getByLabel("Against the miner").selectOption("yes");
  await expect(page).toHaveURL(/contradicting=yes/);
  await expect(decisionsOn(page)).toHaveCount(2);
  await expect(decisionsOn(page).first()).toContainText("promoted");
  await expect(decisionsOn(page).nth(1)).toContainText("wrong action");
  await expectAccessible(page);

  const file = await page.request.get(`/api/reviews/export?format=csv&trajectory=${id}&contradicting=yes`);
  expect(file.headers()["content-disposition"]).toContain("reviews.csv");
  expect((await file.text()).trimEnd().split("\r\n")).toHaveLength(3);

  await page.getByRole("link", { name: "What is vetoed most" }).click();
  await expect(page.getByText("1 of 2 decided actions are vetoed")).toBeVisible();
  await expect(page.getByRole("table", { name: "Vetoes by kind of action" })).toContainText("take");
  await expectAccessible(page);

  await page.goBack();
  await page.getByRole("link", { name: `Step 1 of trajectory ${id}` }).click();
  await expect(page).toHaveURL(new RegExp(`/trajectories/${id}\\?run=\\d+#step-1$`));
  await expect(stepOn(page, 1)).toContainText("vetoed");
});

test("audit: who is second is told who was first, overwrites nothing, and can decide again", async ({
  page,
  context,
}) => {
  const pathname = await storeMined(page, "audited-door");
  const second = await context.newPage();
  await openStep(page, pathname, 0);
  await openStep(second, pathname, 0);
  await page.keyboard.press("x");
  await page.keyboard.press("1");
  await expect(stepOn(page, 0)).toContainText("vetoed");
  await expect(savedOn(page)).toBeVisible();

  await second.keyboard.press("n");
  await second.getByRole("textbox", { name: "Note" }).fill("the door is locked");
  await second.keyboard.press("Escape");
  await second.keyboard.press("a");
  await expect(second.getByText(/step 0 was vetoed by .+ in the meantime/)).toBeVisible();
  await expect(second.getByRole("status").filter({ hasText: "1 not saved" })).toBeVisible();
  await second.getByRole("button", { name: "Show theirs" }).click();
  await expect(stepOn(second, 0)).toContainText("vetoed");
  await expect(second.getByRole("textbox", { name: "Note" })).toHaveValue("the door is locked");
  await second.keyboard.press("Escape");
  await second.keyboard.press("a");
  await expect(stepOn(second, 0)).toContainText("approved");
  await expect(savedOn(second)).toBeVisible();

  await page.goto(`/reviews?trajectory=${pathname.split("/").at(-1)}`);
  await expect(decisionsOn(page)).toHaveCount(2);
  await expect(decisionsOn(page).first()).toContainText("approved");
  await expect(decisionsOn(page).nth(1)).toContainText("undone");
});
