import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ApiRoute } from "@/lib/api/route";
import { apiGroups, apiRoutes } from "@/lib/api/routes";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { policies } from "@/lib/policies/registry";
import { changeToken, createToken } from "@/lib/usecases/api-tokens";
import type { Deps } from "@/lib/usecases/deps";
import { apiOf } from "../support/api";
import { publishedMisfit } from "../support/api-schema";
import { lineOf, playShop } from "../support/api-shop";
import { useStore } from "../support/store";

const db = useStore();
const noQueue = { send: () => Promise.resolve() };
const deps = (): Deps => ({ store: db.store, queue: noQueue, environments, policies });
const seen = new Set<string>();
const forever = new AbortController().signal;
let personId = 0;
let writer = "";
let reader = "";
let shop = { environmentId: 0, agentId: 0 };

type Body = Record<string, unknown>;
const Found = z.record(z.string(), z.unknown());
const numberIn = (value: Body, name: string) => z.number().parse(value[name]);
const rowsIn = (value: Body) => z.array(Found).parse(value["rows"]);
const Wanted = z.object({
  trajectoryId: z.number(),
  actions: z.array(z.object({ step: z.number(), verdict: z.string(), version: z.number() })),
});

type Got = { status: number; headers: Headers; value: Body; lines: Body[] };

/** Asks the API, and holds what it answers against the published document. */
async function ask(
  name: keyof typeof apiRoutes,
  at: Record<string, number> = {},
  { query = "", body, token = writer }: { query?: string; body?: unknown; token?: string | null } = {},
): Promise<Got> {
  const route: ApiRoute = apiRoutes[name];
  const where = route.path.replace(/\{(\w+)\}/g, (_, param: string) => String(at[param]));
  const request = new Request(`http://gleaner.test/api/v1${where}?${query}`, {
    method: route.method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const response = await apiOf(deps)(request);
  const text = await response.text();
  const misfits = (values: unknown[]) =>
    values.flatMap((value) => publishedMisfit(route.path, route.method, response.status, value) ?? []);
  if (response.ok && route.answer.kind !== "json") {
    const values = text
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    if (route.answer.kind === "lines") expect(misfits(values)).toEqual([]);
    seen.add(name);
    return {
      status: response.status,
      headers: response.headers,
      value: {},
      lines: z.array(Found).parse(values),
    };
  }
  const value: unknown = JSON.parse(text);
  expect(misfits([value])).toEqual([]);
  if (response.ok) seen.add(name);
  return { status: response.status, headers: response.headers, value: Found.parse(value), lines: [] };
}

beforeAll(async () => {
  ({ personId } = await db.store.people.ensure("Grace"));
  writer = (await createToken(deps(), personId, { name: "writer", scope: "write" })).token;
  reader = (await createToken(deps(), personId, { name: "reader", scope: "read" })).token;
  shop = await playShop(deps(), personId, 60);
}, 120_000);

/** A list in pages of so many rows: all of them full but the last, together what one page of the largest size has. */
async function walked(
  name: keyof typeof apiRoutes,
  params: Record<string, number>,
  limit: number,
): Promise<void> {
  const all = rowsIn((await ask(name, params, { query: "limit=200" })).value);
  const pages: unknown[][] = [];
  for (let cursor: unknown = null; pages.length === 0 || cursor !== null;) {
    const at = cursor === null ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
    const { value } = await ask(name, params, { query: `limit=${limit}${at}` });
    pages.push(rowsIn(value));
    cursor = value["next"];
  }
  expect(pages.flat()).toEqual(all);
  expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  expect(pages.length).toBe(Math.max(1, Math.ceil(all.length / limit)));
}

describe("who asks", () => {
  const start = () => ({ body: { policyId: shop.agentId, selection: { filter: {} } } });

  it.each<[string, string | null]>([
    ["nobody", null],
    ["something else", "abc"],
    ["an unknown number", `glr_999_${"A".repeat(43)}`],
    ["a wrong secret", `glr_1_${"A".repeat(43)}`],
  ])("is refused as %s, and told how to come by a token", async (_who, token) => {
    const { status, value, headers } = await ask("listRuns", {}, { token });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(value).toMatchObject({
      error: { code: "unauthenticated", fix: expect.stringMatching(/token new/) },
    });
  });

  it("may only look with a token that reads", async () => {
    expect((await ask("listRuns", {}, { token: reader })).status).toBe(200);
    const { status, value } = await ask("startRun", {}, { ...start(), token: reader });
    expect([status, value]).toMatchObject([403, { error: { code: "forbidden" } }]);
    expect((await ask("planRun", {}, { ...start(), token: reader })).status).toBe(200);
  });

  it("is nobody any more once the token is revoked, until that is taken back", async () => {
    const { row, token } = await createToken(deps(), personId, { name: "lost", scope: "write" });
    expect((await ask("listRuns", {}, { token })).status).toBe(200);
    await changeToken(deps(), { tokenId: row.tokenId, revoked: true });
    expect((await ask("listRuns", {}, { token })).status).toBe(401);
    await changeToken(deps(), { tokenId: row.tokenId, revoked: false });
    expect((await ask("listRuns", {}, { token })).status).toBe(200);
    await changeToken(deps(), { tokenId: row.tokenId, revoked: true });
    await db.query("update api_token set revoked_at = now() - interval '11 minutes' where name = 'lost'");
    const late = changeToken(deps(), { tokenId: row.tokenId, revoked: false });
    await expect(late).rejects.toMatchObject({ code: "conflict" });
  });

  it("leaves no secret behind, and only the hour of the last use", async () => {
    const rows = await db.query("select * from api_token");
    const secret = writer.split("_").slice(2).join("_");
    expect(JSON.stringify(rows)).not.toContain(secret);
    const used = await db.query(
      "select last_used_at = date_trunc('hour', last_used_at) as hour from api_token where name = 'reader'",
    );
    expect(used).toEqual([{ hour: true }]);
  });
});

describe("the published document", () => {
  it.each<[string, unknown]>([
    ["lacks what is promised", { rows: [{ policyId: 1 }], next: null }],
    ["holds what is not", { rows: [], next: null, secret: 1 }],
    ["is another kind", { rows: [{ policyId: "1", name: "a", kind: "b", hasSecret: false }], next: null }],
  ])("does not fit an answer that %s", (_what, answer) => {
    expect(publishedMisfit("/policies", "GET", 200, answer)).not.toBeNull();
  });
});

describe("what is sent", () => {
  it.each<[string, Parameters<typeof ask>, number]>([
    ["an id of nothing", ["getRun", { runId: 999_999 }], 404],
    ["an id beyond any", ["getRun", { runId: 2 ** 40 }], 404],
    ["the largest id there is", ["getRun", { runId: Number.MAX_SAFE_INTEGER }], 404],
    ["a time before all times", ["listReviews", {}, { query: "from=0000-01-01T00:00:00Z" }], 400],
    ["an id that is none", ["getRun", { runId: -1 }], 400],
    ["verdicts of no run", ["listVerdicts", { runId: 999_999 }], 404],
    ["an unknown parameter", ["listRuns", {}, { query: "page=2" }], 400],
    ["a page of nothing", ["listRuns", {}, { query: "limit=0" }], 400],
    ["a page that is too long", ["listRuns", {}, { query: "limit=201" }], 400],
    ["a page of some text", ["listRuns", {}, { query: "limit=many" }], 400],
    ["a cursor of another list", ["listTrajectories", {}, { query: "cursor=x" }], 400],
    ["a body that is not JSON", ["startRun", {}, { body: "{" }], 400],
    ["a body with an unknown name", ["startRun", {}, { body: { policyId: 1, hack: true } }], 400],
    ["a body that is too long", ["startRun", {}, { body: JSON.stringify("x".repeat(1_000_001)) }], 413],
    ["an unknown format", ["exportDataset", { datasetId: 999_999 }, { query: "format=zip" }], 400],
  ])("is refused: %s", async (_what, asked, status) => {
    const answer = await ask(...asked);
    expect([answer.status, Object.keys(answer.value)]).toEqual([status, ["error"]]);
  });
});

describe("the path", () => {
  it("goes from a file to a download, and every answer is as it is published", async () => {
    const failed = await ask("listTrajectories", {}, { query: "source=expert&success=false&sort=oldest" });
    const [first = {}] = rowsIn(failed.value);
    const at = { trajectoryId: numberIn(first, "trajectoryId") };
    await ask("getTrajectory", at);
    expect(rowsIn((await ask("listSteps", at)).value).length).toBeGreaterThan(0);

    const body = `${await lineOf(db.store, at.trajectoryId, "again")}\n{"broken\n`;
    const preview = await ask("previewImport", {}, { query: "fileName=e.jsonl", body });
    expect(preview.value).toMatchObject({ preview: { accepted: 1, failed: 1, rejections: [{ line: 2 }] } });
    const begun = await ask("createImport", {}, { query: "fileName=e.jsonl", body });
    expect(begun).toMatchObject({ status: 202, value: { stored: 1, rejected: 1, createdBy: "Grace" } });
    const importId = numberIn(begun.value, "importId");
    expect((await ask("getImport", { importId })).value).toMatchObject({
      rejections: { rows: [{ line: 2 }] },
    });
    await ask("listImports");
    await ask("listEnvironments");
    await ask("listPolicies");

    const input = {
      policyId: shop.agentId,
      selection: { filter: { source: "expert", success: false, environmentId: shop.environmentId } },
    };
    const plan = await ask("planRun", {}, { body: input });
    const started = await ask("startRun", {}, { body: input });
    expect(started).toMatchObject({ status: 201, value: { state: "queued", createdBy: "Grace" } });
    const runId = numberIn(started.value, "runId");
    await mineHere(deps(), runId, forever, () => {});
    const view = await ask("getRun", { runId });
    expect(view.value).toMatchObject({ run: { state: "done" } });
    const total = numberIn(plan.value, "trajectories");
    expect(view.value).toMatchObject({ progress: { trajectories: { total, done: total } } });
    await ask("listRuns");
    await walked("listTrajectories", {}, 7);
    const second = await ask("startRun", {}, { body: input });
    const stopping = { runId: numberIn(second.value, "runId") };
    const held = await ask("pauseRun", stopping);
    expect(held.value).toMatchObject({ run: { state: "paused" } });
    expect((await ask("pauseRun", stopping)).status).toBe(409);
    const goingOn = await ask("resumeRun", stopping);
    expect(goingOn.value).toMatchObject({ run: { state: "queued" } });
    expect((await ask("resumeRun", stopping)).status).toBe(409);
    const cancelled = await ask("cancelRun", stopping);
    expect(cancelled.value).toMatchObject({ run: { state: "cancelled" } });
    const again = await ask("cancelRun", stopping);
    expect(again.status).toBe(409);

    const { lines } = await ask("listVerdicts", { runId });
    const wanted = z
      .array(Wanted)
      .parse(lines)
      .flatMap(({ trajectoryId, actions }) =>
        actions
          .filter(({ verdict }) => verdict === "beneficial")
          .map(({ step, version }) => ({ trajectoryId, targetIndex: step, expectedVersion: version })),
      );
    expect(wanted.length).toBeGreaterThan(0);
    const decision = { runId, target: "step", decision: "approve", reason: null, note: null };
    for (const target of wanted) {
      const decided = await ask("decide", {}, { body: { ...decision, ...target } });
      expect(decided).toMatchObject({ status: 201, value: { version: 1, reviewer: "Grace" } });
    }
    const behind = await ask("decide", {}, { body: { ...decision, ...wanted[0], decision: "veto" } });
    expect(behind).toMatchObject({ status: 409, value: { error: { code: "conflict" } } });
    const reviews = await ask("listReviews", {}, { query: `runId=${runId}&decision=approve` });
    expect(rowsIn(reviews.value)).toHaveLength(Math.min(50, wanted.length));

    const set = { name: "api", selection: { filter: { runId } }, runId, reviewPolicy: "approved" };
    const previewed = await ask("previewDataset", {}, { body: set });
    const frozen = await ask("freezeDataset", {}, { body: set });
    expect(frozen).toMatchObject({ status: 201, value: { contentHash: previewed.value["contentHash"] } });
    const exampleCount = numberIn(frozen.value, "exampleCount");
    const dataset = { datasetId: numberIn(frozen.value, "datasetId") };
    await ask("getDataset", dataset);
    await ask("listDatasets", {}, { query: "limit=1" });
    await walked("listExamples", dataset, 3);
    await walked("listReviews", {}, 3);
    let examples = 0;
    for (let cursor: unknown = "0"; cursor !== null;) {
      const { value } = await ask("listExamples", dataset, { query: `cursor=${String(cursor)}` });
      examples += rowsIn(value).length;
      cursor = value["next"];
    }
    expect(examples).toBe(exampleCount);
    await ask("listExportFormats");
    const exported = await ask("exportDataset", dataset, { query: "format=openai&part=rows" });
    expect(exported.lines).toHaveLength(exampleCount);
    const elsewhere = Object.keys(apiGroups.Exports); // tests/integration/dataset-exports-http.test.ts
    expect([...seen, ...elsewhere].toSorted()).toEqual(Object.keys(apiRoutes).toSorted());
  }, 120_000);
});
