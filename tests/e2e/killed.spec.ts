import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/e2e";
import { decisionsOn, openStep, savedOn, stepOn, storeMined } from "../support/e2e-mined";

const launcher = Number(process.env["GLEANER_E2E_LAUNCHER"]);

/** The process of the pages, which the launcher started and starts again when it ends. */
function webProcess(): number {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  for (const line of lines) {
    const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(parent) === launcher && /\bnext\b/.test(args)) return Number(pid);
  }
  throw new Error("the launcher runs no pages");
}

/** Until everything is stored; presses what is there to press, should it not be sent again by itself. */
async function saveAgain(page: Page): Promise<void> {
  await expect(async () => {
    const again = page.getByRole("button", { name: /^Try (again|now)$/ }).first();
    if (await again.isVisible()) await again.click({ timeout: 1000 }).catch(() => undefined);
    await expect(savedOn(page)).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 60_000 });
}

async function expectOneApproval(page: Page, pathname: string): Promise<void> {
  await page.goto(pathname);
  await expect(stepOn(page, 0)).toContainText("approved");
  await page.goto(`/reviews?trajectory=${pathname.split("/").at(-1)}`);
  await expect(decisionsOn(page)).toHaveCount(1);
}

test("killed: a decision made while the pages are down is kept, said, and stored once they are back", async ({
  page,
  pageErrors,
}) => {
  const pathname = await storeMined(page, "killed-lamp");
  await openStep(page, pathname, 0);
  // Who would start them again stands still until the decision was refused.
  process.kill(launcher, "SIGSTOP");
  try {
    process.kill(webProcess(), "SIGKILL");
    await page.keyboard.press("a");
    await expect(stepOn(page, 0)).toContainText("approved");
    await expect(page.getByRole("status").filter({ hasText: "1 not saved" })).toBeVisible();
    await expect(page.getByText(/the server could not be reached/)).toBeVisible();
  } finally {
    process.kill(launcher, "SIGCONT");
  }
  const answers = () =>
    page.request.get("/reviews").then(
      (answer) => answer.status(),
      () => 0,
    );
  await expect.poll(answers, { timeout: 60_000 }).toBe(200);
  await saveAgain(page);
  await expectOneApproval(page, pathname);
  pageErrors.length = 0;
});

test("killed: a decision whose answer is lost is sent again and stored once", async ({
  page,
  pageErrors,
}) => {
  const pathname = await storeMined(page, "killed-door");
  await openStep(page, pathname, 0);
  let lost = 0;
  await page.route(`**${pathname}*`, async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.fallback();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await page.keyboard.press("a");
  await expect(stepOn(page, 0)).toContainText("approved");
  await saveAgain(page);
  expect(lost).toBe(1);
  await expectOneApproval(page, pathname);
  pageErrors.length = 0;
});
