import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, storeLines, test } from "../support/e2e";

/** Queues over trajectories of one's own, mined by imported rollouts, so that no other journey gets in the way. */
test.describe.configure({ mode: "serial" });

/** Twelve failures of three actions; from the second action on the agent solves them, from the start it does not. */
async function mined(page: Page, word: string): Promise<void> {
  const step = (action: string) => ({ observation: `You see a ${word}.`, thought: "Go on.", action });
  const keys = Array.from({ length: 12 }, (_, i) => `${word}_${i}`);
  const episode = (key: string) => ({
    ...{ format: "gleaner/1", environment: word, subtaskKey: key, instruction: `Find the ${word} ${key}.` },
    ...{ source: "expert", model: "expert", reward: 0, success: false, externalId: key },
    steps: [step("open"), step("look"), step("leave")],
  });
  await storeLines(
    page,
    keys.map((key) => JSON.stringify(episode(key))),
  );
  const rollout = (key: string, state: number, attempt: number) => ({
    ...{ trajectory: key, state, attempt, checkpoint: "agent", outcome: state > 0 ? "success" : "failure" },
    ...{ reward: state > 0 ? 1 : 0, steps: [step("take")] },
  });
  const rollouts = keys.flatMap((key) =>
    [0, 1, 2].flatMap((state) => [0, 1, 2, 3].map((attempt) => rollout(key, state, attempt))),
  );
  await storeLines(
    page,
    rollouts.map((each) => JSON.stringify(each)),
  );
}

type Asked = { name: string; reviewers?: string; blind?: string };

async function makeQueue(page: Page, word: string, { name, reviewers = "1", blind = "0" }: Asked) {
  await page.goto(`/trajectories?text=${word}&review=pending`);
  await page.getByRole("link", { name: "Make a queue of these…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("People per trajectory").fill(reviewers);
  await page.getByLabel("Hidden verdicts, in percent").fill(blind);
  await page.getByRole("button", { name: "Make the queue" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return page.url();
}

async function workAs(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("button", { name: "Work as this" }).click();
  await expect(page.getByText(`working as ${name}`)).toBeVisible();
}

const bar = (page: Page) => page.getByRole("region", { name: "Review queue" });
const step = (page: Page, index: number) => page.getByRole("article", { name: `Step ${index}`, exact: true });
const startNext = async (page: Page) => {
  await page.keyboard.press("n");
  await expect(bar(page)).toBeVisible();
};

const words = { ten: `lamp${randomUUID().slice(0, 6)}`, two: `vase${randomUUID().slice(0, 6)}` };

test("queues: a queue of ten is triaged with the keyboard alone", async ({ page }) => {
  await mined(page, words.ten);
  const url = await makeQueue(page, words.ten, { name: "ten" });
  await startNext(page);
  for (let done = 0; done < 10; done++) {
    await expect(bar(page)).toContainText(`${done} of 12 done`);
    await expect(step(page, 0)).toContainText("beneficial");
    await page.keyboard.press("a");
    await expect(step(page, 0)).toContainText("approved");
    await page.keyboard.press("Control+Enter");
  }
  await expect(bar(page)).toContainText("10 of 12 done");
  await page.keyboard.press("s");
  await expect(bar(page)).toContainText("10 of 12 done, 1 skipped");
  const skipped = bar(page).getByRole("button", { name: /Take back trajectory \d+/ });
  const trajectoryId = /\d+/.exec((await skipped.textContent()) ?? "")?.[0] ?? "";
  await page.keyboard.press("S");
  await expect(page).toHaveURL(new RegExp(`/trajectories/${trajectoryId}\\?queue=`));
  await expect(bar(page)).not.toContainText("skipped");
  await expect(skipped).toHaveCount(0);
  await page.keyboard.press("s");
  await expect(bar(page)).toContainText("10 of 12 done, 1 skipped");
  await page.goto(url);
  await expect(page.getByRole("progressbar", { name: "Progress of ten" })).toHaveAttribute(
    "aria-valuenow",
    "10",
  );
  await expectAccessible(page);
  await page.goto("/queues");
  await expect(page.getByRole("row", { name: /ten/ })).toBeVisible();
  await expectAccessible(page);
});

test("queues: two people judge one trajectory at once, disagree, and a third adjudicates", async ({
  page,
  browser,
  baseURL,
}) => {
  await mined(page, words.two);
  const url = await makeQueue(page, words.two, { name: "two", reviewers: "2" });
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const other = await context.newPage();
  await workAs(page, url, "Ada");
  await workAs(other, url, "Bob");
  await startNext(page);
  await startNext(other);
  expect(new URL(other.url()).pathname).toBe(new URL(page.url()).pathname);
  await page.keyboard.press("a");
  await expect(step(page, 0)).toContainText("approved");
  await other.keyboard.press("x");
  await other.keyboard.press("1");
  await expect(step(other, 0)).toContainText("vetoed");
  await expect(other.getByText("Ada", { exact: true })).toHaveCount(0);
  await page.keyboard.press("Control+Enter");
  await expect(bar(page)).toContainText("1 of 12 done");
  await other.keyboard.press("Control+Enter");
  await expect(bar(other)).toContainText("1 of 12 done");
  await context.close();

  await workAs(page, url, "Cat");
  await page.getByRole("link", { name: "Adjudicate" }).click();
  await expect(bar(page)).toContainText("adjudicating");
  await expect(bar(page)).toContainText("votes differ");
  await expect(bar(page)).toContainText(/Ada approve/);
  await expect(bar(page)).toContainText(/Bob veto/);
  await expect(step(page, 0)).toContainText("disputed");
  await expectAccessible(page);
  await page.keyboard.press("a");
  await expect(step(page, 0)).toContainText("approved");
  await expect(page.getByText(/ending the dispute/)).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(url);
  await expect(page.getByText("No votes differ.")).toBeVisible();
});

test("queues: a blind vote hides the verdict, then reveals it", async ({ page }) => {
  await makeQueue(page, words.two, { name: "blind", blind: "100" });
  await startNext(page);
  await expect(bar(page)).toContainText("verdicts hidden");
  await expect(page.getByRole("region", { name: "Hidden verdicts" })).toBeVisible();
  await expect(step(page, 0)).not.toContainText("beneficial");
  await expectAccessible(page);
  await page.keyboard.press("a");
  await expect(step(page, 0)).toContainText("approved");
  await page.keyboard.press("Control+Enter");
  await expect(bar(page)).toContainText("verdicts revealed");
  await expect(step(page, 0)).toContainText("beneficial");
  const before = page.url();
  await page.keyboard.press("Control+Enter");
  await expect(bar(page)).toContainText("verdicts hidden");
  expect(page.url()).not.toBe(before);
});

for (const path of ["/queues", "/queues/new"])
  test(`queues: ${path} is accessible`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });

test("queues: one that is not there is said to be missing", async ({ page, pageErrors }) => {
  await page.goto("/queues/999999");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/not here|nothing/i);
  pageErrors.length = 0;
});
