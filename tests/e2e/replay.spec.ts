import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { webshop } from "@/lib/environments/webshop/environment";
import { expect, expectAccessible, storeLines, test } from "../support/e2e";

/** A failed attempt at a task of the demo shop, as the shop answers today. */
async function attemptAt(subtaskKey: string): Promise<Omit<TrajectoryDraft, "environment">> {
  const shop = await webshop.connect(webshop.Config.parse({}));
  const episode = await shop.open(subtaskKey);
  const steps: TrajectoryDraft["steps"] = [];
  let seen = episode.start.text;
  for (const action of ["search[table lamp]", "click[next >]", "click[back to search]"]) {
    const { text, reward } = await episode.step(action);
    steps.push({ observation: seen, thought: null, action, reward, messages: null });
    seen = text;
  }
  const subtask = (await shop.subtasks()).find((each) => each.subtaskKey === subtaskKey);
  const outcome = { source: "expert", model: "careful", reward: 0, success: false } as const;
  return {
    ...outcome,
    subtaskKey,
    instruction: subtask?.instruction ?? "",
    opening: [],
    tools: null,
    steps,
    finalObservation: seen,
    externalId: null,
  };
}

test("replay: what differs from the recording is found and shown side by side", async ({ page }) => {
  const faithful = await attemptAt("webshop_361");
  const altered = await attemptAt("webshop_362");
  const second = altered.steps[1];
  if (second) second.observation = second.observation.replace("Page 1", "Page 7");
  const lines = [faithful, altered].map((draft) =>
    JSON.stringify({ format: "gleaner/1", environment: "corner-shop", ...draft }),
  );
  await storeLines(page, lines);

  await page.goto("/trajectories?text=webshop_36&replay=unchecked");
  await page.getByRole("button", { name: "Verify replay of all matching" }).click();
  await expect(page).toHaveURL(/\/replays\/\d+$/);
  await expect(page.getByText("1 verified of 2 replayed")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "first difference at state 1: compare" }).click();
  await expect(page.getByRole("region", { name: "Recorded" }).locator("mark")).toHaveText("7");
  await expect(page.getByRole("region", { name: "Replayed" }).locator("mark")).toHaveText("1");
  await expect(page.getByText("replay diverged").first()).toBeVisible();
  await expectAccessible(page);
});

test("replay: one trajectory is replayed from its own page", async ({ page }) => {
  const replay = page.getByRole("region", { name: "Replay", exact: true });
  await page.goto("/trajectories?source=any&outcome=solved&environment=1&replay=unchecked");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(replay.getByText("replay unchecked")).toBeVisible();
  await page.getByRole("button", { name: "Verify replay" }).click();
  await expect(replay.getByText("replay verified")).toBeVisible();
});

test("environments: a kind is added from its form, says what it is, and is checked again", async ({
  page,
}) => {
  await page.goto("/environments/new");
  await page.getByLabel("Name").fill("second workshop");
  await page.getByLabel("Driver").selectOption("textcraft");
  await page.getByRole("button", { name: "Connect and store" }).click();
  await expect(page.getByRole("heading", { name: "second workshop" })).toBeVisible();
  await expect(page.getByText("reachable", { exact: true })).toBeVisible();
  await expect(page.getByText("It has no trajectories yet.")).toBeVisible();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("button", { name: "Check now" })).toBeEnabled();
  await page.getByRole("link", { name: "All tasks" }).click();
  await expect(page.getByRole("row", { name: /textcraft_0/ })).toBeVisible();
});
