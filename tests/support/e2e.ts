import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

/** Playwright's `test`, pointed at the program under test; a page that reports an error fails its test. */
export const test = base.extend<{ pageErrors: string[] }>({
  baseURL: async ({}, provide) => {
    await provide(process.env["GLEANER_E2E_URL"]);
  },
  pageErrors: [
    async ({ context }, provide) => {
      const errors: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => errors.push(String(error.error().stack ?? error.error())));
      await provide(errors);
      expect(errors, "errors the page reported").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Fails with what axe finds wrong on the page, and where. */
export async function expectAccessible(page: Page): Promise<void> {
  // On the way to another page Next.js takes the old title away before the new one has come.
  await expect(page).toHaveTitle(/./);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map((n) => n.target.join(" ")) }));
  expect(found).toEqual([]);
}

/** Imports lines of JSONL on the import page and waits until all are stored. */
export async function storeLines(page: Page, lines: string[]): Promise<void> {
  await page.goto("/import");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a file" }).click(),
  ]);
  const buffer = Buffer.from(lines.join("\n"));
  await chooser.setFiles({ name: "lines.jsonl", mimeType: "application/jsonl", buffer });
  await page.getByRole("button", { name: "Store", exact: true }).click();
  const stored = page.getByRole("region", { name: "Stored" });
  await expect(stored).toContainText(new RegExp(`Stored\\s*${lines.length}`));
}
