import { expect, expectAccessible, test } from "../support/e2e";

const pages = [
  "/",
  "/trajectories",
  "/trajectories/1",
  "/trajectories/compare?a=1",
  "/collections",
  "/collections/1",
  "/collections/new?environment=1",
  "/runs",
  "/runs/1",
  "/runs/1/strategies",
  "/runs/new?ids=1",
  "/coverage",
  "/datasets",
  "/datasets/new?run=1",
  "/import",
  "/environments",
  "/environments/1",
  "/environments/1/edit",
  "/environments/1/tasks",
  "/environments/new",
  "/replays",
  "/reviews",
  "/reviews/vetoes",
  "/policies",
  "/training",
  "/training/new",
  "/training/providers",
  "/training/providers/new",
  "/settings",
  "/api-docs",
];

for (const colorScheme of ["light", "dark"] as const)
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const path of pages)
      test(`${path} is accessible`, async ({ page }) => {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectAccessible(page);
      });
  });

for (const path of [
  "/trajectories/999999",
  "/trajectories/compare",
  "/trajectories/compare?a=999999",
  "/runs/999999",
  "/datasets/999999",
  "/environments/999999",
  "/replays/999999",
  "/trajectories/x",
  "/nowhere",
])
  test(`${path} is said to be missing`, async ({ page, pageErrors }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(/not here|not found|nothing/i);
    pageErrors.length = 0;
  });

test("pages carry a content security policy with a nonce and no inline script runs", async ({ page }) => {
  const answer = await page.goto("/trajectories");
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src [^;]*'nonce-[^']+'/);
  expect(policy).not.toMatch(/script-src [^;]*unsafe-inline/);
  expect(policy).toContain("frame-ancestors 'none'");
});

test("a request from elsewhere changes nothing", async ({ request, baseURL }) => {
  const send = (headers: Record<string, string>) =>
    request.post("/api/import?fileName=x.jsonl", { data: "{}", headers: { ...headers } });
  expect((await send({ origin: "https://evil.example" })).status()).toBe(403);
  expect((await send({})).status()).toBe(403);
  expect((await send({ origin: baseURL ?? "" })).status()).toBe(200);
});

test("hostile text stays text", async ({ page }) => {
  const attack = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202Eevil\u001b[31m`;
  const step = { observation: attack, thought: attack, action: `click[${attack}]` };
  const record = {
    format: "gleaner/1",
    environment: "hostile",
    subtaskKey: "../../etc/passwd",
    instruction: attack,
    source: "expert",
    model: attack,
    reward: 0,
    success: false,
    steps: [step, step],
  };
  await page.goto("/import");
  await page.locator('input[type="file"]').setInputFiles({
    name: "<b>attack</b>.jsonl",
    mimeType: "application/jsonl",
    buffer: Buffer.from(JSON.stringify(record)),
  });
  await expect(page.getByRole("region", { name: "What was understood" })).toContainText(/Failed\s*1/);
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await expect(page.getByRole("region", { name: "Stored" })).toContainText(/Stored\s*1/);
  await page.goto("/trajectories?text=onerror");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByText("U+202E").first()).toBeVisible();
  expect(await page.title()).not.toContain("owned</");
  expect(await page.locator("main img").count()).toBe(0);
});
