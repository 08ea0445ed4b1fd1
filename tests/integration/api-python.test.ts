import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { policies } from "@/lib/policies/registry";
import { createToken } from "@/lib/usecases/api-tokens";
import type { Deps } from "@/lib/usecases/deps";
import { Filter } from "@/lib/usecases/selection";
import { apiOf, serveApi } from "../support/api";
import { lineOf, playShop } from "../support/api-shop";
import { useStore } from "../support/store";

const db = useStore();
const run = promisify(execFile);
const forever = new AbortController().signal;
const deps = (): Deps => ({
  store: db.store,
  queue: { send: () => Promise.resolve() },
  environments,
  policies,
});

const python = await run("python3", ["--version"]).then(
  () => true,
  () => false,
);
if (!python) console.warn("skipped: there is no python3 to run public/gleaner_example.py with");

describe.skipIf(!python)("the Python example", () => {
  let folder = "";
  let writer = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gleaner-"));
    const { personId } = await db.store.people.ensure("Grace");
    await playShop(deps(), personId, 40);
    writer = (await createToken(deps(), personId, { name: "script", scope: "write" })).token;
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("drives the whole path", async () => {
    const [id = 0] = await db.store.trajectories.ids(Filter.parse({ source: "expert", success: false }), 1);
    const file = path.join(folder, "episodes.jsonl");
    await writeFile(file, await lineOf(db.store, id, "from python"));
    const mined = new Map<number, Promise<void>>();
    const working: Deps = {
      ...deps(),
      queue: {
        async send(_name, payload) {
          if ("runId" in payload && !mined.has(payload.runId))
            mined.set(
              payload.runId,
              mineHere(deps(), payload.runId, forever, () => {}),
            );
        },
      },
    };
    const server = await serveApi(apiOf(() => working));
    try {
      const script = fileURLToPath(new URL("../../public/gleaner_example.py", import.meta.url));
      const env = { ...process.env, GLEANER_URL: server.url, GLEANER_TOKEN: writer };
      const said = await run("python3", [script, file, "corner-shop", "agent"], { env, maxBuffer: 2 ** 26 });
      expect(said.stderr).toMatch(/imported: 1 stored, 0 already there, 0 rejected\nrun \d+ is done\n/);
      const rows = said.stdout.trimEnd().split("\n");
      expect(said.stderr).toContain(`holds ${rows.length} examples`);
      for (const row of rows) expect(JSON.parse(row)).toHaveProperty("messages");
      await expect(
        run("python3", [script, file, "corner-shop", "agent"], { env: { ...env, GLEANER_TOKEN: "x" } }),
      ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("unauthenticated") });
    } finally {
      await server.close();
      await Promise.all(mined.values());
    }
  }, 120_000);
});
