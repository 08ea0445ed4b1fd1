import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, expectAccessible, test } from "../support/e2e";
import { storeMined } from "../support/e2e-mined";

test("datasets: a folder is prepared, downloaded, resumed in the middle, and removed", async ({ page }) => {
  const [id = ""] = /\d+$/.exec(await storeMined(page, "prepared-a")) ?? [];
  await page.goto(`/datasets/new?ids=${id}`);
  await page.getByRole("textbox", { name: "Name" }).fill("prepared");
  await page.getByRole("radio", { name: "All not vetoed" }).check();
  await page.getByRole("button", { name: "Freeze this dataset" }).click();
  await expect(page).toHaveURL(/\/datasets\/\d+$/);

  const box = page.getByRole("group", { name: "Prepared folder: Axolotl", exact: true });
  await box.getByRole("button", { name: /^Prepare the folder/ }).focus();
  await page.keyboard.press("Enter");
  await expect(box).toBeFocused();
  // However short the progress is seen: a worker writes it, and the link appears without a reload.
  const link = box.getByRole("link", { name: /^Download the folder: Axolotl/ });
  await expect(link).toBeVisible({ timeout: 60_000 });
  await expect(box.getByText(/^kept until|can be resumed/)).toBeVisible();
  await expectAccessible(page);

  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toBe("prepared-axolotl.zip");
  const file = await readFile(await download.path());
  const sha256 = createHash("sha256").update(file).digest("hex");
  await expect(box.getByTitle(sha256, { exact: true })).toBeVisible();
  await expect(box.getByRole("button", { name: /^Copy SHA-256/ })).toBeVisible();

  const href = (await link.getAttribute("href")) ?? "";
  const etag = `"${sha256}"`;
  const direct = await page.request.get(href.replace(/exports\/\d+$/, "export?format=axolotl"));
  expect(direct.headers()["accept-ranges"]).toBe("none");
  expect((await direct.body()).equals(file)).toBe(true);
  const head = await page.request.head(href);
  expect([head.status(), head.headers()]).toMatchObject([200, { etag, "accept-ranges": "bytes" }]);
  const headers = { range: "bytes=100-", "if-range": etag };
  const rest = await page.request.get(href, { headers });
  expect([rest.status(), rest.headers()["content-range"]]).toEqual([
    206,
    `bytes 100-${file.length - 1}/${file.length}`,
  ]);
  expect((await rest.body()).equals(file.subarray(100))).toBe(true);
  const beyond = await page.request.get(href, { headers: { range: `bytes=${file.length}-` } });
  expect([beyond.status(), beyond.headers()["content-range"]]).toEqual([416, `bytes */${file.length}`]);
  expect((await page.request.get(href, { headers: { "if-none-match": etag } })).status()).toBe(304);

  await page.reload();
  await expect(link).toBeVisible();
  await box.getByRole("button", { name: /^Remove/ }).click();
  await expect(box.getByRole("button", { name: /^Prepare the folder/ })).toBeVisible();
  expect((await page.request.get(href)).status()).toBe(404);
});
