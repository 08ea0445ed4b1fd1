import { expect, expectAccessible, storeLines, test } from "../support/e2e";

/** A failed attempt whose second observation says what is looked for; nothing else does. */
function attempt(subtaskKey: string, observation: string): string {
  const step = (seen: string) => ({ observation: seen, thought: null, action: "look" });
  return JSON.stringify({
    format: "gleaner/1",
    environment: "attic",
    subtaskKey,
    instruction: "Tidy the attic.",
    source: "expert",
    model: "careful",
    reward: 0,
    success: false,
    steps: [step("An empty attic."), step(observation), step("The attic again.")],
  });
}

test("find: a word said in a step is found, shown and opened; the search is saved, reopened and taken off", async ({
  page,
}) => {
  await storeLines(page, [
    attempt("attic_1", "A trunk with a <b>quagga</b> on its lid, dusty."),
    attempt("attic_2", "A trunk, dusty."),
  ]);

  await page.goto("/trajectories");
  const search = page.getByRole("searchbox", { name: "Search instruction or subtask" });
  await expect(async () => {
    // A key that comes before the page listens is lost.
    await page.keyboard.press("/");
    await expect(search).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("searchbox", { name: "Search words in steps" })).toBeFocused();
  await page.keyboard.type("dusty QUAGGA");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/said=dusty\+QUAGGA/);
  const table = page.getByRole("table", { name: "Trajectories" });
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table.locator("mark")).toHaveText(["quagga", "dusty"]);
  await expect(table.getByRole("link", { name: /^step 1 observation/ })).toContainText("<b>quagga</b>");
  await expectAccessible(page);

  const views = page.getByRole("region", { name: "Saved views" });
  await views.getByRole("button", { name: "Save view…" }).click();
  await views.getByRole("textbox", { name: "Name of the view" }).fill("Dusty quaggas");
  await page.keyboard.press("Enter");
  await expect(views.getByRole("link", { name: "Dusty quaggas" })).toHaveAttribute("aria-current", "page");

  await table.getByRole("link", { name: /^step 1 observation/ }).click();
  await expect(page).toHaveURL(/\/trajectories\/\d+\?.*#step-1$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  await page.goto("/trajectories");
  await views.getByRole("link", { name: "Dusty quaggas" }).click();
  await expect(page).toHaveURL(/said=dusty\+QUAGGA/);
  await expect(table.getByRole("row")).toHaveCount(2);
  await expectAccessible(page);

  await views.getByRole("button", { name: "Delete view Dusty quaggas" }).click();
  await expect(views.getByText("View “Dusty quaggas” deleted.")).toBeVisible();
  await expect(views.getByRole("link", { name: "Dusty quaggas" })).toHaveCount(0);
  await views.getByRole("button", { name: "Undo" }).click();
  await expect(views.getByRole("link", { name: "Dusty quaggas" })).toBeVisible();
  await views.getByRole("button", { name: "Delete view Dusty quaggas" }).click();
  await expect(views.getByRole("link", { name: "Dusty quaggas" })).toHaveCount(0);
});

test("find: a search for too much says so, and what matters most can come first", async ({ page }) => {
  await page.goto("/trajectories?said=a+b+c+d+e+f+g+h+i+j+k");
  await expect(page.getByText("there are 11 words to find")).toBeVisible();
  await page.goto("/trajectories");
  await page.getByRole("combobox", { name: "Order" }).selectOption("matters most");
  await expect(page).toHaveURL(/sort=worth/);
  await expect(page.getByRole("table", { name: "Trajectories" })).toBeVisible();
});
