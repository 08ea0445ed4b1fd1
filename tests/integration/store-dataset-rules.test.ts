import { beforeAll, expect, it } from "vitest";
import { trajectories } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();

beforeAll(async () => {
  await db.store.people.ensure("Ada");
  await db.store.trajectories.add(trajectories(2), null);
});

it("holds before anything is broken", async () => {
  expect(await brokenRules(db.query)).toEqual({});
});

it.each([
  [
    "dataset-versions",
    `insert into dataset (name, content_hash, review_policy, selection, card, example_count, person_id)
      select 'other', 'h', 'approved', '{}', '{}', 0, min(id) from person;
     insert into dataset (name, content_hash, review_policy, selection, card, example_count, person_id, version,
      previous_id) select 'd', 'h', 'approved', '{}', '{}', 0, min(p.id), 2, min(d.id) from person p, dataset d`,
  ],
  [
    "dataset-sources",
    `insert into dataset_source select 998, max(t.id), 1, 0.5, 1, 'eef-1', 'c', false, '{}', '{}', 0 from trajectory t;
     insert into dataset_example (dataset_id, example_index, kind, trajectory_id, example)
      select 998, 0, 'eef', min(id), '{"provenance":{"ruleVersion":"eef-1"}}' from trajectory;
     insert into dataset (id, name, content_hash, review_policy, selection, card, example_count, person_id)
      select 998, 'd', 'h', 'approved', '{}', '{}', 1, min(id) from person`,
  ],
  [
    "dataset-splits",
    `insert into dataset (name, content_hash, review_policy, selection, card, example_count, validation_count, person_id)
      select 'd', 'h', 'approved', '{}', '{}', 1, 1, min(id) from person`,
  ],
  [
    "dataset-splits",
    `insert into dataset_example (dataset_id, example_index, kind, trajectory_id, example, split)
      select 999, n, 'bc', min(t.id), '{}', (array['train', 'validation'])[n + 1]
      from trajectory t, generate_series(0, 1) n group by n;
     insert into dataset (id, name, content_hash, review_policy, selection, card, example_count, validation_count,
      person_id) select 999, 'd', 'h', 'approved', '{}', '{}', 2, 1, min(id) from person`,
  ],
])("%s is seen to be broken by: %s", async (rule, breaking) => {
  await db.query("begin");
  try {
    await db.query(breaking);
    expect(Object.keys(await brokenRules(db.query))).toContain(rule);
  } finally {
    await db.query("rollback");
  }
});
