import pg from "pg";
import { expect, it } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";
import { createStore } from "@/lib/store/store";
import { compareDatasets } from "@/lib/usecases/dataset-compare";
import { datasetAgain } from "@/lib/usecases/dataset-part";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import { applyMigrations, checkedInMigrations } from "../../lib/launch/migrations.mjs";
import { withDatabase } from "../support/database";
import { examples } from "../support/examples";

/** From this migration on, datasets have versions and say what they rest on. */
const VERSIONS = "20261124010000_dataset_versions";

/** As datasets were written before; the trajectory they were made of is gone, as no old database of ours has one. */
async function writeOld(client: pg.Client): Promise<void> {
  await client.query("set session_replication_role = replica");
  await client.query("insert into person (id, name) values (1, 'Ada')");
  const rows = [
    { id: 1, name: "house", examples: [examples.shop] },
    { id: 2, name: "other", examples: [examples.desk] },
    { id: 5, name: "house", examples: [examples.desk, { ...examples.shop, kind: "bc" as const }] },
  ];
  for (const { id, name, examples: held } of rows) {
    const recipe = { trajectoryIds: [4], runId: 2, reviewPolicy: "approved", includeSolved: false };
    const more = { includeStale: false, iteration: null, selection: { trajectoryIds: [4] } };
    await client.query(
      `insert into dataset (id, name, content_hash, review_policy, selection, card, example_count, person_id)
        values ($1, $2, $3, 'approved', $4, '{}', $5, 1)`,
      [id, name, `hash-${id}`, JSON.stringify({ ...recipe, ...more }), held.length],
    );
    for (const [index, example] of held.entries())
      await client.query(
        `insert into dataset_example (dataset_id, example_index, kind, trajectory_id, example)
          values ($1, $2, $3, 4, $4)`,
        [id, index, example.kind, canonicalJson(example)],
      );
  }
}

it("a dataset of before versions and sources is a version of its name, and its rebuild says what is not known", () =>
  withDatabase(async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("drop schema public cascade; create schema public");
    await applyMigrations(
      url,
      checkedInMigrations().filter(({ name }) => name < VERSIONS),
    );
    await writeOld(client);
    expect(await applyMigrations(url)).toContain(VERSIONS);
    const { rows: states } = await client.query(
      "select important_state as state from dataset_example order by 1",
    );
    await client.end();
    expect(states.map(({ state }) => state)).toEqual([0, 0, 0, 0]);

    const store = createStore(url);
    try {
      const versions = await store.datasets.versions("house");
      expect(versions.map(({ datasetId, version, previousId }) => [datasetId, version, previousId])).toEqual([
        [5, 2, 1],
        [1, 1, null],
      ]);
      expect(await store.datasets.get(2)).toMatchObject({ version: 1, previousId: null });
      expect(await store.datasets.texts(5, { from: 0, limit: 10 })).toHaveLength(2);
      expect(await store.datasets.iteration(5)).toBeNull();
      expect((await datasetAgain({ store }, 5)).settings).toMatchObject({ runId: 2, capPerSubtask: null });
      const { groups } = await compareDatasets({ store }, 1, 2);
      expect(groups.length).toBeGreaterThan(0);
      const { identical, changes } = await rebuildDataset({ store }, 5);
      expect(identical).toBe(false);
      expect(changes[0]).toContain("frozen before its facts were kept");
      expect(changes[1]).toContain("trajectory 4");
    } finally {
      await store.close();
    }
  }));
