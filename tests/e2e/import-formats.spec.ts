import type { Page } from "@playwright/test";
import { emptyCard } from "@/lib/core/dataset";
import type { Example } from "@/lib/core/example";
import { version } from "@/lib/core/version";
import { folderNameOf, kitFiles } from "@/lib/exporters/kit";
import { exporters } from "@/lib/exporters/registry";
import { alone, exportRows } from "@/lib/exporters/rows";
import { zipOf } from "@/lib/exporters/zip";
import { expect, expectAccessible, test } from "../support/e2e";
import { examples } from "../support/examples";
import { bytesOf } from "../support/folders";

/** In an environment of its own, so that nothing counts it that counts others. */
const here = (example: Example): Example => ({ ...example, environment: "formats" });

async function drop(page: Page, name: string, buffer: Buffer) {
  await page.goto("/import");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a file" }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer });
  return page.getByRole("region", { name: "What was understood" });
}

async function store(page: Page, count: number) {
  await page.getByRole("button", { name: "Store", exact: true }).click();
  const stored = page.getByRole("region", { name: "Stored" });
  await expect(stored).toContainText(new RegExp(`Stored\\s*${count}`));
}

test("an ATIF file is previewed as one, its mask is not used, and it is stored", async ({ page }) => {
  const { rows } = exportRows(exporters.atif, here(examples.desk));
  const understood = await drop(page, "desk.json", Buffer.from(JSON.stringify(rows[0]?.value)));
  await expect(understood).toContainText(/Format\s*ATIF/);
  await expect(understood).toContainText("steps.is_copied_context");
  await expect(understood).toContainText('find({"n":1})');
  await store(page, 1);
});

test("a download of ours is previewed without its sidecars, and stored", async ({ page }) => {
  const of = [here(examples.shop), here(examples.opened)];
  const source = {
    exporter: exporters.openai,
    dataset: {
      datasetId: 1,
      name: "shop",
      contentHash: "c0ffee",
      exampleCount: 2,
      card: emptyCard("approved"),
    },
    version,
    async *examples(split: "train" | "validation") {
      if (split === "train") for (const example of of) yield [{ example, context: alone() }];
    },
  };
  const zip = await bytesOf(zipOf(folderNameOf(source), kitFiles(source)));
  const understood = await drop(page, "shop.zip", zip);
  await expect(understood).toContainText(/Format\s*OpenAI chat/);
  await expect(understood).toContainText(/Records\s*2/);
  await expect(understood).toContainText(/Rejected\s*0/);
  await expect(understood).toContainText("messages.weight");
  await expect(understood).toContainText("golden.jsonl");
  await expect(understood).toContainText("formats");
  await expectAccessible(page);
  await store(page, 2);
});

test("a line that is refused is shown with its line and the byte it begins at", async ({ page }) => {
  const { rows } = exportRows(exporters.atif, here(examples.shop));
  const good = JSON.stringify(rows[0]?.value);
  await drop(page, "lines.jsonl", Buffer.from(`${good}\n{"neither":"nor"}\n`));
  const byte = (Buffer.byteLength(good) + 1).toLocaleString("en-US");
  await expect(page.getByRole("row", { name: new RegExp(`^2 ${byte} .*no known format`) })).toBeVisible();
});
