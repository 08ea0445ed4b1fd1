import { expect, expectAccessible, storeLines, test } from "../support/e2e";

/** Two tasks of an environment of their own that the expert failed, and one it solved at the second try. */
const record = (subtaskKey: string, success: boolean, nth: number) =>
  JSON.stringify({
    format: "gleaner/1",
    environment: "coverage-house",
    subtaskKey,
    instruction: `Cover ${subtaskKey}`,
    source: "expert",
    model: "expert-1",
    reward: success ? 1 : 0,
    success,
    steps: [{ observation: `room ${nth}`, thought: null, action: `look[${subtaskKey} ${nth}]` }],
  });

test("coverage: from the numbers to the trajectories behind them and back", async ({ page }) => {
  await storeLines(page, [
    record("cover_open", false, 1),
    record("cover_twice", false, 2),
    record("cover_twice", false, 3),
    record("cover_redeemed", false, 4),
    record("cover_redeemed", true, 5),
  ]);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Coverage" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Coverage" })).toBeVisible();
  await page.getByLabel("Environment", { exact: true }).selectOption({ label: "coverage-house" });
  await expect(page).toHaveURL(/environment=\d+/);
  const tasks = page.getByRole("table", { name: "Tasks the expert failed", exact: true });
  await expect(tasks.getByRole("row")).toHaveCount(3);
  await expect(tasks.getByRole("row").nth(1)).toContainText("cover_twice");
  await expect(tasks.getByRole("row").nth(1)).toContainText("2 of 2");
  await expect(tasks).not.toContainText("cover_redeemed");

  await page.getByRole("link", { name: "2 tasks of coverage-house, not solved yet" }).click();
  await expect(page).toHaveURL(/\/trajectories\?.*coverage=remaining/);
  const list = page.getByRole("table", { name: "Trajectories" });
  await expect(list.getByRole("row")).toHaveCount(4);
  await page.getByRole("link", { name: "Remove filter coverage not solved yet" }).click();
  await expect(list.getByRole("row")).toHaveCount(5);
  await page.goBack();
  await expect(list.getByRole("row")).toHaveCount(4);
  await page.goBack();
  await expect(page).toHaveURL(/\/coverage\?environment=\d+/);

  await tasks.getByRole("link", { name: "cover_twice" }).click();
  await expect(page).toHaveURL(/subtask=\d+/);
  await expect(list.getByRole("row")).toHaveCount(3);
  await page.goBack();

  await page.getByLabel("Coverage", { exact: true }).selectOption({ label: "solved and approved" });
  await expect(page.getByText("No task matches")).toBeVisible();
  await page.getByRole("link", { name: "All tasks the expert failed" }).click();
  await expect(page).toHaveURL(/\/coverage$/);
  await expectAccessible(page);
});
