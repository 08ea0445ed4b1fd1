import { expect, expectAccessible, storeLines, test } from "../support/e2e";

const LENGTH = 400;

/** A failed episode of many steps; one of them, far down, mentions a needle. */
const episode = {
  format: "gleaner/1",
  environment: "longhouse",
  subtaskKey: "many-rooms",
  instruction: "Find the needle in the long house.",
  source: "expert",
  model: "gpt-x",
  reward: 0,
  success: false,
  opening: [],
  tools: null,
  steps: Array.from({ length: LENGTH }, (_, i) => ({
    observation: `You are in room ${i}.\nThe floor is stone.\nThe walls are wet.\nA lamp hangs here.`,
    thought: `I have seen ${i} rooms.`,
    action: i === 333 ? "pick up needle" : "go on",
    reward: 0,
    messages: null,
  })),
  finalObservation: "You are lost.",
  externalId: "many-rooms",
};

test("a long trajectory: opened at a step, searched, folded, read without thoughts", async ({ page }) => {
  await storeLines(page, [JSON.stringify(episode)]);
  await page.goto("/trajectories?text=many-rooms");
  const href = await page.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
  await page.goto(`${href}#step-250`);
  const step = (index: number) => page.getByRole("article", { name: `Step ${index}`, exact: true });
  await expect(step(250)).toBeInViewport();
  await expect(step(250)).toContainText("You are in room 250.");
  await expect(step(250)).toContainText("3 lines as before");
  expect(await page.getByRole("article").count()).toBeLessThan(40);

  await page.keyboard.press("w");
  await expect(step(250)).toContainText("The walls are wet.");
  await page.keyboard.press("t");
  await expect(step(250)).not.toContainText("I have seen 250 rooms.");

  await page.keyboard.press("/");
  await page.getByRole("searchbox", { name: "Find in this trajectory" }).fill("NEEDLE");
  await expect(page.getByRole("search")).toContainText("in 1 step");
  await page.keyboard.press("Enter");
  await expect(step(333)).toBeInViewport();
  await expect(step(333).locator("mark")).toHaveText("needle");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(step(333).locator("mark")).toHaveCount(0);
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/#step-334$/);
});
