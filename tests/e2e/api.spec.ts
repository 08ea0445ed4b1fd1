import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { APIRequestContext, Page as PageOf } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

const run = promisify(execFile);
const python = await run("python3", ["--version"]).then(
  () => true,
  () => false,
);

type Page<Row> = { rows: Row[]; next: string | null };
type Listed = { trajectoryId: number };

async function get<T>(request: APIRequestContext, path: string, token: string): Promise<T> {
  const response = await request.get(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status(), path).toBe(200);
  return (await response.json()) as T; // what the caller asks for; the integration test checks the published shapes
}

/** Failures of the demo's expert as lines of our own format, in an environment of this journey's own. */
async function failuresFrom(request: APIRequestContext, token: string): Promise<string> {
  const list = "/trajectories?source=expert&success=false&sort=oldest";
  const lines: string[] = [];
  for (const { trajectoryId } of (await get<Page<Listed>>(request, list, token)).rows.slice(0, 20)) {
    const about = await get<Record<string, unknown>>(request, `/trajectories/${trajectoryId}`, token);
    const path = `/trajectories/${trajectoryId}/steps`;
    const { rows } = await get<Page<Record<string, unknown>>>(request, path, token);
    const { subtaskKey, instruction, source, model, reward, success, opening } = about;
    const steps = rows.map(({ observation, thought, action, reward: gained }) => ({
      ...{ observation, thought, action, reward: gained },
    }));
    const said = { subtaskKey, instruction, source, model, reward, success, opening, steps };
    lines.push(JSON.stringify({ format: "gleaner/1", environment: "script-shop", ...said }));
  }
  return lines.join("\n");
}

/** The built-in shop once more, so that what this journey decides is on no other's pages. */
async function addShop(page: PageOf): Promise<void> {
  await page.goto("/environments/new");
  await page.getByLabel("Name").fill("script-shop");
  await page.getByLabel("Driver").selectOption("webshop");
  await page.getByRole("button", { name: "Connect and store" }).click();
  await expect(page).toHaveURL(/\/environments\/\d+$/);
}

test("a token is made, drives the whole path from Python, is revoked and taken back", async ({
  page,
  request,
}, testInfo) => {
  test.setTimeout(240_000);
  const refused = await request.get("/api/v1/runs");
  expect([refused.status(), await refused.json()]).toMatchObject([
    401,
    { error: { code: "unauthenticated" } },
  ]);

  await page.goto("/settings");
  await page.getByLabel("What it is for").fill("journey script");
  await page.getByRole("button", { name: "Make a token" }).click();
  const shown = page.getByRole("status").filter({ hasText: "it is not shown again" });
  const token = (await shown.locator("code").textContent()) ?? "";
  expect(token).toMatch(/^glr_\d+_[\w-]{43}$/);
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("row", { name: /journey script/ })).toContainText("never");
  await expect(page.getByText(token)).toHaveCount(0);

  if (python) {
    const file = testInfo.outputPath("episodes.jsonl");
    await addShop(page);
    await writeFile(file, await failuresFrom(request, token));
    const env = { ...process.env, GLEANER_URL: process.env["GLEANER_E2E_URL"], GLEANER_TOKEN: token };
    const args = ["public/gleaner_example.py", file, "script-shop", "Built-in agent"];
    const { stdout, stderr } = await run("python3", args, { env, maxBuffer: 2 ** 26 });
    expect(stderr).toMatch(/imported: \d+ stored, 0 already there, 0 rejected\nrun \d+ is done/);
    const rows = stdout.trimEnd().split("\n");
    expect(stderr).toContain(`holds ${rows.length} examples`);
    for (const row of rows) expect(JSON.parse(row)).toHaveProperty("messages");
  } else
    testInfo.annotations.push({
      type: "skipped",
      description: "there is no python3: the example was not run",
    });

  await page.goto("/settings");
  await page.getByRole("button", { name: "Revoke journey script" }).click();
  await expect(page.getByText("Token “journey script” is revoked.")).toBeVisible();
  const asked = () =>
    request.get("/api/v1/runs", { headers: { authorization: `Bearer ${token}` } }).then((r) => r.status());
  expect(await asked()).toBe(401);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("row", { name: /journey script/ })).toBeVisible();
  expect(await asked()).toBe(200);
});

test("the API is documented: what is published is what is listed, and other addresses say so", async ({
  page,
  request,
}) => {
  const document = (await (await request.get("/api/v1/openapi.json")).json()) as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  };
  expect(document.openapi).toBe("3.1.0");
  await page.goto("/api-docs");
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods))
      await expect(
        page.getByRole("heading", { name: `${method.toUpperCase()} ${path}`, exact: true }),
      ).toBeVisible();
  const nothing = await request.get("/api/v1/nothing");
  expect([nothing.status(), await nothing.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
});
