import type { Page } from "@playwright/test";
import { expect, expectAccessible, storeLines, test } from "../support/e2e";

/** The review desk by keyboard, on two failed trajectories with rollouts, and a solved one of the first's subtask. */
test.describe.configure({ mode: "serial" });

const step = (page: Page, index: number) => page.getByRole("article", { name: `Step ${index}`, exact: true });

const steps = (actions: string[], from = 0) =>
  actions.map((action, i) => ({
    observation: `You are in room ${from + i} of the loft.`,
    thought: null,
    action,
  }));

const episode = (subtaskKey: string, source: "expert" | "agent", success: boolean, actions: string[]) =>
  JSON.stringify({
    format: "gleaner/1",
    environment: "loft",
    subtaskKey,
    instruction: `Leave the loft ${subtaskKey} with the key.`,
    source,
    model: `${source}-x`,
    reward: success ? 1 : 0,
    success,
    opening: [],
    tools: null,
    steps: steps(actions).map((each) => ({ ...each, reward: null, messages: null })),
    finalObservation: success ? "You are outside." : "The door is locked.",
    externalId: `${subtaskKey}-${source}`,
  });

const rollout = (trajectory: string, state: number, attempt: number, reward: number, actions: string[]) =>
  JSON.stringify({
    trajectory: `${trajectory}-expert`,
    state,
    attempt,
    outcome: reward === 1 ? "success" : "failure",
    reward,
    checkpoint: "loft-agent",
    steps: steps(actions, state),
  });

const walk = ["look around", "climb down", "push the door", "give up"];

test("desk: two trajectories and their rollouts are stored", async ({ page }) => {
  await storeLines(page, [
    episode("loft-one", "expert", false, walk),
    episode("loft-two", "expert", false, walk),
    episode("loft-one", "agent", true, ["look around", "take the key", "climb down", "open the door"]),
  ]);
  await storeLines(
    page,
    ["loft-one", "loft-two"].flatMap((name) => [
      rollout(name, 0, 0, 0, ["sleep"]),
      rollout(name, 0, 1, 0.5, ["shout", "sleep"]),
      rollout(name, 2, 0, 1, ["take the key", "open the door"]),
      rollout(name, 2, 1, 0.5, ["push the door", "sleep"]),
      rollout(name, 2, 2, 0, ["sleep"]),
    ]),
  );
});

async function addressOf(page: Page, name: string): Promise<string> {
  await page.goto(`/trajectories?text=${name}`);
  const href = await page.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
  return new URL(href ?? "", "http://desk").pathname;
}

/** Opens a trajectory at a step it would not open at by itself: once that is selected, the page answers to keys. */
async function openAt(page: Page, path: string, index = 1): Promise<void> {
  await page.goto(`${path}#step-${index}`);
  await expect(step(page, index)).toHaveAttribute("aria-current", "step");
}

const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "All saved" })).toBeVisible();

test("desk: a veto with its reason is undone, and so is one on a trajectory that was left", async ({
  page,
}) => {
  const [one, two] = [await addressOf(page, "loft-one"), await addressOf(page, "loft-two")];
  await openAt(page, one);
  await page.keyboard.press("x");
  await expect(page.getByRole("group", { name: "Why veto step 1?" })).toBeVisible();
  await page.keyboard.press("2");
  await expect(step(page, 1)).toContainText("vetoed");
  await page.keyboard.press("u");
  await expect(step(page, 1)).not.toContainText("vetoed");
  await page.keyboard.press("x");
  await page.keyboard.press("2");
  await expect(step(page, 1)).toContainText("vetoed");
  await saved(page);

  await openAt(page, two);
  await page.keyboard.press("a");
  await expect(step(page, 1)).toContainText("approved");
  await page.keyboard.press("u");
  await expect(step(page, 1)).not.toContainText("approved");
  await page.keyboard.press("u");
  const told = page.getByRole("status").filter({ hasText: "Undone: the decision on step 1 of loft-one" });
  await expect(told).toBeVisible();
  await saved(page);
  await told.getByRole("link", { name: "loft-one" }).click();
  await expect(page).toHaveURL(new RegExp(`${one}\\?`));
  await expect(step(page, 1)).toContainText("beneficial");
  await expect(step(page, 1)).not.toContainText("vetoed");
});

test("desk: all confirmed actions are approved by one key, and taken back by one", async ({ page }) => {
  await openAt(page, await addressOf(page, "loft-two"));
  await expect(page.getByRole("button", { name: "Approve all 2 confirmed" })).toBeEnabled();
  await page.keyboard.press("c");
  for (const index of [0, 1]) await expect(step(page, index)).toContainText("approved");
  await saved(page);
  await expect(page.getByRole("button", { name: "Approve all confirmed" })).toBeDisabled();
  await page.reload();
  for (const index of [0, 1]) await expect(step(page, index)).toContainText("approved");
  await expect(step(page, 1)).toHaveAttribute("aria-current", "step");
  await page.keyboard.press("u");
  for (const index of [0, 1]) await expect(step(page, index)).not.toContainText("approved");
  await saved(page);
});

test("desk: a step of a rollout has an address that opens it", async ({ page }) => {
  const path = await addressOf(page, "loft-one");
  await openAt(page, path);
  await page.keyboard.press("o");
  const link = page.getByRole("link", { name: "Link to step 3 of this rollout" });
  const href = await link.getAttribute("href");
  expect(href).toMatch(/^\?run=\d+&rollout=\d+#rollout-step-3$/);
  await page.goto(`${path}${href}`);
  await expect(page.locator("#rollout-step-3")).toBeInViewport();
  await expect(page.locator("#rollout-step-3")).toContainText("open the door");
  await page.goto(`${path}${href?.replace(/run=\d+&/, "")}`);
  await expect(page.locator("#rollout-step-3")).toBeInViewport();
});

test("desk: a fork shows the expert beside the best solved and the best unsolved rollout", async ({
  page,
}) => {
  await openAt(page, await addressOf(page, "loft-one"), 2);
  await page.keyboard.press("f");
  const at = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(at("Expert, step 2")).toContainText("push the door");
  await expect(at("Best solved rollout, step 2").locator("mark").first()).toHaveText("take");
  await expect(at("Best unsolved rollout, step 3")).toContainText("sleep");
  await expect(page).toHaveURL(/#fork-2$/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Previous probed state" }).click();
  await expect(page.getByText("None: not solved in 2 tries from state 0.")).toBeVisible();
  await expect(at("Best unsolved rollout, step 0")).toContainText("shout");
  await page.keyboard.press("f");
  await expect(step(page, 0)).toBeVisible();
});

test("desk: two trajectories of a subtask are compared from where they part", async ({ page }) => {
  await page.goto(await addressOf(page, "loft-one"));
  await page.getByRole("link", { name: "Compare with another trajectory of this subtask" }).click();
  await expect(page.getByText("Alike in what was seen and done for 1 step; step 1 differs.")).toBeVisible();
  const at = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(at("First, step 1").locator("mark").first()).toHaveText("climb");
  await expect(at("Second, step 1").locator("mark").first()).toHaveText("take");
  await expectAccessible(page);
  await page.getByRole("button", { name: "From the beginning" }).click();
  await expect(at("Second, step 0")).toContainText("look around");
  await page.getByRole("button", { name: "Swap the two" }).click();
  await expect(at("First, step 1").locator("mark").first()).toHaveText("take");
});
