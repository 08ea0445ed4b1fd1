import type { Page } from "@playwright/test";
import { expect, storeLines } from "./e2e";

const rollouts = [0, 1, 2, 3];

/**
 * Stores a failed episode of six actions with rollouts made elsewhere: the agent fails from states 0 and 4 and succeeds
 * from state 2, so actions 0 and 1 are beneficial, 2 and 3 harmful.
 * @param name of its subtask, used by no other journey
 * @returns the address of its page
 */
export async function storeMined(page: Page, name: string): Promise<string> {
  const steps = ["look around", "take lamp", "drop lamp", "go north", "go south", "wait"].map(
    (action, i) => ({
      observation: `You are in room ${i} of ${name}.`,
      thought: null,
      action,
    }),
  );
  const episode = {
    ...{ format: "gleaner/1", environment: "audited house", subtaskKey: name, externalId: name },
    ...{
      instruction: `Bring the lamp of ${name}.`,
      source: "expert",
      model: "gpt-x",
      reward: 0,
      success: false,
    },
    steps,
  };
  await storeLines(page, [JSON.stringify(episode)]);
  const evidence = [0, 2, 4].flatMap((state) =>
    rollouts.map((attempt) => {
      const outcome = state === 2 ? "success" : "failure";
      return {
        trajectory: name,
        state,
        attempt,
        outcome,
        reward: state === 2 ? 1 : 0,
        checkpoint: "agent@1",
      };
    }),
  );
  await storeLines(
    page,
    evidence.map((line) => JSON.stringify(line)),
  );
  await page.goto(`/trajectories?text=${encodeURIComponent(name)}`);
  const link = page.getByRole("row").nth(1).getByRole("link").first();
  await link.click();
  await expect(page).toHaveURL(/\/trajectories\/\d+/);
  const { pathname } = new URL(page.url());
  return pathname;
}

/** One action on the review page. */
export const stepOn = (page: Page, stepIndex: number) =>
  page.getByRole("article", { name: `Step ${stepIndex}`, exact: true });

/** Opens a step of a trajectory to decide on it. */
export async function openStep(page: Page, pathname: string, stepIndex: number): Promise<void> {
  await page.goto(`${pathname}#step-${stepIndex}`);
  await expect(savedOn(page)).toBeVisible();
  await expect(stepOn(page, stepIndex)).toBeInViewport();
}

/** Shown while every decision is stored. */
export const savedOn = (page: Page) => page.getByRole("status").filter({ hasText: "All saved" });

/** The lines of the history of decisions, without its head. */
export const decisionsOn = (page: Page) =>
  page.getByRole("table", { name: "Decisions, newest first" }).locator("tbody").getByRole("row");
