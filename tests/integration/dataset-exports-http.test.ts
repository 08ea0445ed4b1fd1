import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { environments } from "@/lib/environments/registry";
import { policies } from "@/lib/policies/registry";
import { createToken } from "@/lib/usecases/api-tokens";
import type { Deps } from "@/lib/usecases/deps";
import { apiOf, serveApi } from "../support/api";
import { publishedMisfit } from "../support/api-schema";
import { useExports } from "../support/dataset-exports";
import { useStore } from "../support/store";

const db = useStore();
const prepared = useExports(db);
const deps = (): Deps => ({ store: db.store, queue: prepared.queue, environments, policies });
let [token, reader, datasetId, exportId] = ["", "", 0, 0];
let server: Awaited<ReturnType<typeof serveApi>> | undefined;
let whole: Buffer = Buffer.alloc(0);
let etag = "";

type Got = { status: number; headers: Record<string, unknown>; body: Buffer };

/** A request over a socket, with headers as they are: fetch would add and hide some. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Got> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const given = { authorization: `Bearer ${token}`, ...headers };
    const asked = request(`${server?.url}/api/v1${path}`, { method, headers: given }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }),
      );
    });
    asked.on("error", reject);
    asked.end(text);
  });
}

const Value = z.looseObject({ exportId: z.number(), state: z.string(), sha256: z.string().nullable() });
const valueOf = ({ body }: Got): unknown => JSON.parse(body.toString("utf8"));
const file = () => `/exports/${exportId}/file`;

beforeAll(async () => {
  const { personId } = await db.store.people.ensure("Ada");
  token = (await createToken(deps(), personId, { name: "writer", scope: "write" })).token;
  reader = (await createToken(deps(), personId, { name: "reader", scope: "read" })).token;
  server = await serveApi(apiOf(deps));
  datasetId = await prepared.dataset(50, 20_000);
});
afterAll(() => server?.close());

describe("an export over HTTP", () => {
  it("is asked for, followed and listed, each answer as it is published", async () => {
    const fits = async (got: Promise<Got>, method: string, path: string) => {
      const answer = await got;
      expect([method, path, publishedMisfit(path, method, answer.status, valueOf(answer))]).toEqual([
        ...[method, path, null],
      ]);
      return answer;
    };
    const path = `/datasets/${datasetId}/exports`;
    const all = "/datasets/{datasetId}/exports";
    const refused = await send("POST", path, { authorization: `Bearer ${reader}` }, { format: "openai" });
    expect(refused.status).toBe(403);
    expect((await send("POST", path, {}, { format: "nonsense" })).status).toBe(400);
    const asked = await fits(send("POST", path, {}, { format: "openai" }), "POST", all);
    expect([asked.status, valueOf(asked)]).toMatchObject([202, { state: "queued", sha256: null }]);
    ({ exportId } = Value.parse(valueOf(asked)));
    const early = await send("GET", file());
    expect([early.status, valueOf(early)]).toMatchObject([409, { error: { fix: "wait until it is done" } }]);
    await prepared.work(exportId);
    const done = Value.parse(
      valueOf(await fits(send("GET", `/exports/${exportId}`), "GET", "/exports/{exportId}")),
    );
    expect(done).toMatchObject({ state: "done", examples: 50 });
    expect(done).not.toHaveProperty("key");
    etag = `"${done.sha256 ?? ""}"`;
    whole = await prepared.streamed(datasetId);
    const listed = valueOf(await fits(send("GET", path), "GET", all));
    expect(listed).toMatchObject({ rows: [{ exportId, bytes: whole.length }], next: null });
    expect((await send("GET", "/exports/999999")).status).toBe(404);
  });

  it("comes whole, with its length, its checksum and a name", async () => {
    const { status, headers, body } = await send("GET", file());
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      ...{ etag, "accept-ranges": "bytes", "content-length": String(whole.length) },
      ...{ "content-type": "application/zip", "x-content-type-options": "nosniff" },
      "content-disposition": expect.stringMatching(/^attachment; filename="large-\d+-openai\.zip"$/),
    });
    expect(body.equals(whole)).toBe(true);
    const streamed = await send("GET", `/datasets/${datasetId}/export?format=openai`);
    expect(streamed.headers).toMatchObject({ "accept-ranges": "none" });
    expect(streamed.body.equals(whole)).toBe(true);
  });

  it("is described by HEAD without being sent, whatever range is named", async () => {
    const { status, headers, body } = await send("HEAD", file(), { range: "bytes=5-9" });
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers).toMatchObject({ etag, "content-length": String(whole.length), "accept-ranges": "bytes" });
    expect(headers).not.toHaveProperty("content-range");
  });

  it("can be put together of ranges, larger and smaller than what is read at once", async () => {
    expect(whole.length).toBeGreaterThan(600_000);
    const pieces: Buffer[] = [];
    for (const [from, to] of [
      [0, 0],
      [1, 299_999],
      [300_000, ""],
    ] as const) {
      const { status, headers, body } = await send("GET", file(), { range: `bytes=${from}-${to}` });
      const last = to === "" ? whole.length - 1 : to;
      expect([status, headers["content-range"]]).toEqual([206, `bytes ${from}-${last}/${whole.length}`]);
      expect(headers).toMatchObject({ etag, "content-length": String(body.length) });
      pieces.push(body);
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    const end = await send("GET", file(), { range: "bytes=-7" });
    expect([end.status, end.body.equals(whole.subarray(-7))]).toEqual([206, true]);
  });

  it("says where it ends to who asks beyond, and gives all of it where a range is none or many", async () => {
    for (const range of [`bytes=${whole.length}-`, "bytes=-0"]) {
      const { status, headers, body } = await send("GET", file(), { range });
      expect([status, headers["content-range"], body.length]).toEqual([416, `bytes */${whole.length}`, 0]);
    }
    for (const range of ["bytes=0-1,4-5", "bytes=9-3", "lines=1-2"]) {
      const { status, body } = await send("GET", file(), { range });
      expect([status, body.length]).toEqual([200, whole.length]);
    }
  });

  it("goes on only where it is still the same file", async () => {
    const range = "bytes=10-19";
    const same = await send("GET", file(), { range, "if-range": etag });
    expect([same.status, same.body.equals(whole.subarray(10, 20))]).toEqual([206, true]);
    const others = [`"${"0".repeat(64)}"`, `W/${etag}`, "Sat, 21 Nov 2026 10:00:00 GMT"];
    for (const other of others) {
      const { status, body } = await send("GET", file(), { range, "if-range": other });
      expect([status, body.length]).toEqual([200, whole.length]);
    }
    const beyond = await send("GET", file(), { range: `bytes=${whole.length}-`, "if-range": '"other"' });
    expect(beyond.status).toBe(200);
  });

  it("is not sent again to who has it, nor in place of another", async () => {
    for (const tags of [etag, `W/${etag}`, `"a", ${etag}`, "*"])
      for (const method of ["GET", "HEAD"]) {
        const { status, headers, body } = await send(method, file(), {
          "if-none-match": tags,
          range: "bytes=0-1",
        });
        expect([status, headers["etag"], body.length]).toEqual([304, etag, 0]);
      }
    expect((await send("GET", file(), { "if-none-match": '"other"' })).status).toBe(200);
    expect((await send("GET", file(), { "if-match": '"other"' })).status).toBe(412);
    expect((await send("GET", file(), { "if-match": etag })).status).toBe(200);
  });

  it("is cancelled before it is over and removed after", async () => {
    const other = Value.parse(
      valueOf(await send("POST", `/datasets/${datasetId}/exports`, {}, { format: "axolotl" })),
    );
    expect((await send("POST", `/exports/${other.exportId}/remove`)).status).toBe(409);
    const ended = await send("POST", `/exports/${other.exportId}/cancel`);
    expect([ended.status, valueOf(ended)]).toMatchObject([200, { state: "cancelled" }]);
    expect((await send("POST", `/exports/${exportId}/cancel`)).status).toBe(409);
    for (const id of [other.exportId, exportId]) {
      const removed = await send("POST", `/exports/${id}/remove`);
      expect([removed.status, valueOf(removed)]).toEqual([200, { exportId: id }]);
    }
    expect((await send("GET", file())).status).toBe(404);
    expect(prepared.files()).toEqual([]);
  });
});
