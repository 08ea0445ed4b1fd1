import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { tokenScopes } from "@/lib/core/api-token";
import { CampaignConfig } from "@/lib/core/campaign";
import { coverageStates } from "@/lib/core/coverage";
import { critiqueStatuses } from "@/lib/core/critique";
import { exportStates } from "@/lib/core/dataset-export";
import { leftOutReasons } from "@/lib/core/dataset-recipe";
import { datasetSplits } from "@/lib/core/dataset-split";
import { rolloutStatuses } from "@/lib/core/evidence";
import { exampleKinds } from "@/lib/core/example";
import { breakerStates } from "@/lib/core/limit";
import { assignmentStates } from "@/lib/core/queue";
import { decisions, recordedDecisions, reviewStates, reviewTargets } from "@/lib/core/review";
import { reviewPolicies, trajectorySorts, verificationOutcomes, verificationStates } from "@/lib/core/rows";
import { paperRule, ruleVersions } from "@/lib/core/rule";
import { runEndReasons } from "@/lib/core/run-budget";
import { replayStates, RunConfig, runOrigins, runStates } from "@/lib/core/run";
import { strategyPairs } from "@/lib/core/strategies/disagree";
import * as training from "@/lib/core/training";
import { sources, splits } from "@/lib/core/trajectory";
import { useCollections } from "../support/collections";
import { aPlannedRun, aTrajectory, mineOut, solved, unsolved } from "../support/factories";
import { aVote } from "../support/vote";
import { brokenRules, useStore } from "../support/store";
import { aTraining } from "../support/training";

const db = useStore();
const { house, start, demand, complete } = useCollections(db);
let at = { runId: 0, trajectoryId: 0 };

beforeAll(async () => {
  const { trajectoryIds } = await db.store.trajectories.add([aTrajectory(), aTrajectory({}, 1)], null);
  const run = await aPlannedRun(db.store, trajectoryIds);
  at = { runId: run.runId, trajectoryId: trajectoryIds[0]! };
  for (const trajectoryId of trajectoryIds)
    await mineOut(db.store, { ...at, trajectoryId }, (state) => (state ? solved : unsolved));
  const { personId } = await db.store.people.ensure("Ada");
  const { verificationId } = await db.store.verifications.create(personId, trajectoryIds);
  const verified = { state: "verified", divergence: null, reason: null } as const;
  for (const trajectoryId of trajectoryIds) {
    await db.store.replays.put(trajectoryId, verified, "f");
    await db.store.verifications.end(verificationId, trajectoryId, { outcome: "verified", error: null });
  }
  const choice = { keys: ["house_1", "house_2"] };
  const { collectionId } = await start(await house("collected"), { config: { choice } });
  for (const _ of choice.keys) await complete("collected", await demand(collectionId));
  const { environmentId } = await db.store.trajectories.get(at.trajectoryId);
  const config = CampaignConfig.parse({});
  const about = { name: "c", environmentId, model: null, choice: null, config, personId };
  const { campaignId } = await db.store.campaigns.create(about);
  const [policy] = await db.store.policies.list();
  for (const iteration of [0, 1]) {
    const explores = { policyId: policy!.policyId, checkpoint: "agent-1", prices: null };
    await db.store.campaigns.begin({ campaignId, iteration }, explores);
    const planned = { name: "r", origin: "mined", policyId: null, config: RunConfig.parse({}) } as const;
    const its = { checkpoint: "agent-1", personId, iteration: { campaignId, iteration } };
    await db.store.runs.create({ ...planned, ...paperRule, ...its });
  }
  const cloned = await db.store.trajectories.add([aTrajectory({ success: true }, 2)], null);
  const { policyId } = await db.store.policies.put({ name: "critic", kind: "openai", config: {} });
  const { critiques } = db.store;
  const [critiqueId = 0] = await critiques.ask({ personId, policyId, trajectoryIds: cloned.trajectoryIds });
  await critiques.claim(critiqueId, "test", 60_000);
  await critiques.end(critiqueId, 1, {
    ...{
      status: "completed",
      checkpoint: "judge",
      promptVersion: "critic@1",
      promptTokens: 1,
      completionTokens: 1,
    },
    steps: [0, 1, 2, 3, 4, 5].map((stepIndex) => ({ stepIndex, call: "harmful", reason: "no" })),
  });
  await db.store.reviews.append({
    ...at,
    target: "step",
    targetIndex: 0,
    decision: "approve",
    reason: null,
    note: null,
    verdictSeen: null,
    expectedVersion: 0,
    clientId: "one",
    personId,
  });
  await aVote(db.store, at.runId, personId);
  await aTraining(db.store);
});

describe("closed sets", () => {
  it.each([
    ["trajectory_source_known", sources],
    ["run_origin_known", runOrigins],
    ["run_state_known", runStates],
    ["run_rule_version_known", ruleVersions],
    ["run_trajectory_replay_known", replayStates],
    ["run_trajectory_review_known", reviewStates],
    ["rollout_status_known", rolloutStatuses],
    ["review_target_known", reviewTargets],
    ["review_decision_known", recordedDecisions],
    ["review_vote_target_known", reviewTargets],
    ["review_vote_decision_known", decisions],
    ["review_assignment_state_known", assignmentStates],
    ["dataset_review_policy_known", reviewPolicies],
    ["dataset_example_kind_known", exampleKinds],
    ["dataset_example_split_known", datasetSplits],
    ["dataset_left_out_reason_known", leftOutReasons],
    ["subtask_split_known", splits],
    ["replay_check_state_known", replayStates.filter((state) => state !== "unchecked")],
    ["endpoint_limit_breaker_known", breakerStates],
    ["run_end_reason_known", runEndReasons],
    ["verification_state_known", verificationStates],
    ["critique_status_known", critiqueStatuses],
    ["strategy_disagreement_pair_known", strategyPairs],
    ["verification_entry_outcome_known", verificationOutcomes],
    ["subtask_coverage_state_known", coverageStates],
    ["saved_view_sort_known", trajectorySorts],
    ["training_provider_kind_known", training.trainingKinds],
    ["training_state_known", training.trainingStates],
    ["training_attempting_known", training.trainingAttempts],
    ["training_event_level_known", training.trainingLevels],
    ["api_token_scope_known", tokenScopes],
    ["dataset_export_state_known", exportStates],
  ])("%s says what the core says", async (name, known) => {
    const [row] = await db.query(
      "select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1",
      [name],
    );
    const values = [...String(row?.text).matchAll(/'([A-Za-z0-9_-]+)'/g)].map(([, value]) => value);
    expect(values).toEqual([...known]);
  });

  it("are enforced", async () => {
    await expect(db.query("update run set state = 'asleep'")).rejects.toThrow("run_state_known");
    await expect(db.query("update rollout set status = 'running'")).rejects.toThrow("rollout_");
  });
});

describe("facts", () => {
  it.each([
    "update step set action = 'other'",
    "delete from step",
    "update review set decision = 'veto'",
    "delete from review",
    "update review_vote set decision = 'approve'",
    "update training_event set message = 'other'",
    "delete from trajectory",
    "update trajectory set reward = 1",
    "update trajectory set opening = '[]'",
    "update trajectory set import_id = null",
    "update subtask set instruction = 'other'",
  ])("are not changed by: %s", async (change) => {
    await expect(db.query(change)).rejects.toThrow(/rows are facts/);
  });

  it("are protected in every column a trajectory has, but the derived one", async () => {
    const [row] = await db.query(`select string_agg(attname, ' ' order by attnum) as open from pg_attribute
      where attrelid = 'trajectory'::regclass and attnum > 0 and not attisdropped and attnum <> all (
        select unnest(tgattr::int2[]) from pg_trigger where tgname = 'trajectory_is_fact')`);
    expect(row).toEqual({ open: "latest_run_id" });
    await db.query("update trajectory set latest_run_id = latest_run_id");
  });
});

describe("the invariants", () => {
  it("hold after mining and reviewing", async () => {
    expect(await brokenRules(db.query)).toEqual({});
  });

  const rollout = "(select min(id) from rollout)";
  it.each([
    ["rollout-steps", `insert into rollout_step values (${rollout}, 7, 1, 'o', null, 'a')`],
    ["rollout-steps", `update rollout_step set epoch = 99 where rollout_id = ${rollout}`],
    ["trajectory-steps", "insert into step values ((select min(id) from trajectory), 6, 'o', null, 'a')"],
    ["trajectory-counts", "update trajectory_count set trajectories = trajectories + 1"],
    ["calls", `update rollout set calls_started = 0 where id = ${rollout}`],
    [
      "lease",
      `update rollout set status = 'running', owner = 'x', success = null,
        lease_until = now() + case id when ${rollout} then interval '-1 hour' else interval '1 hour' end`,
    ],
    [
      "trajectory-state",
      `update rollout set status = 'queued', success = null, step_count = step_count where id = ${rollout}`,
    ],
    ["trajectory-state", "update run_trajectory set state = 'queued'"],
    ["run-state", "update run_trajectory set state = 'queued'"],
    ["trajectory-totals", `update rollout set calls_started = calls_started + 1 where id = ${rollout}`],
    ["trajectory-totals", "delete from run_trajectory_total"],
    ["run-totals", "update run_total set calls = calls + 1"],
    ["run-totals", "delete from run_total"],
    ["newest-run", "update trajectory set latest_run_id = null"],
    ["newest-run", "update run_trajectory set latest = false"],
    ["solved", "update run_trajectory set solved = false"],
    ["verdicts", "update run_trajectory set harmful = harmful + 1"],
    ["coverage", "update subtask_coverage set experts = experts + 1"],
    ["coverage", "update subtask_coverage set solved_entries = 0, first_run_id = null"],
    ["coverage", "delete from subtask_coverage"],
    ["coverage-counts", "update coverage_count set subtasks = subtasks + 1"],
    ["worth", "update run_trajectory set worth = 0.5, review = 'complete', undecided = 0"],
    ["entry-facts", "update run_trajectory set reward = 7"],
    ["entry-facts", "update run_trajectory set environment_id = null"],
    ["trajectory-text", "delete from trajectory_text"],
    ["verification-state", "update verification set state = 'running'"],
    ["replay-checked", "delete from replay_check"],
    ["collection-calls", "update collection set calls_committed = calls_committed + 1"],
    ["collection-state", "update collection set state = 'running'"],
    [
      "episode-lease",
      `update collection_episode set status = 'running', owner = 'x', trajectory_id = null, lease_until = now()
        + case position when 0 then interval '-1 hour' else interval '1 hour' end`,
    ],
    ["campaign-iterations", "update campaign_iteration set iteration = iteration + 2"],
    ["campaign-iterations", "update campaign_iteration set checkpoint = 'other' where iteration = 1"],
    ["critique-steps", "update critique set steps = steps - 1"],
    ["critique-steps", "update critique set steps = jsonb_set(steps, '{0,stepIndex}', '9')"],
    [
      "disagreement-once",
      "insert into strategy_disagreement (trajectory_id, pair, steps) select trajectory_id, pair, steps from strategy_disagreement",
    ],
    [
      "disagreement-once",
      `update run_trajectory set compared = false;
       insert into strategy_disagreement (trajectory_id, run_id, pair, steps)
        select trajectory_id, run_id, 'eef-ipr', '{1}' from run_trajectory`,
    ],
    ["disagreement-critic", "update critique set steps = jsonb_set(steps, '{2,call}', '\"unsure\"')"],
    ["queue-complete", "update review_queue_item set complete = not complete"],
    ["queue-complete", "update review_assignment set state = 'skipped' where state = 'done'"],
    [
      "vote-versions",
      `insert into review_vote (queue_id, trajectory_id, person_id, target, target_index, decision, verdict, version,
        client_id) select queue_id, trajectory_id, person_id, target, target_index, decision, verdict, 3, 'other'
        from review_vote`,
    ],
    [
      "vote-settled",
      `insert into review_vote (queue_id, trajectory_id, person_id, target, target_index, decision, verdict, version,
        client_id) select queue_id, trajectory_id, person_id, 'step', 2, 'veto', 'redundant', 1, 'other'
        from review_vote`,
    ],
    ["training-events", "update training set epoch = 0"],
    ["disagreement-derived", "delete from strategy_disagreement"],
    ["disagreement-derived", "update strategy_disagreement set steps = steps[2:]"],
    ["review-versions", `alter table review disable trigger all; update review set version = 5`],
    [
      "review-environment",
      `alter table review disable trigger all; update review set environment_id =
        (select max(id) from environment where id <> environment_id)`,
    ],
    ["review-counts", "update run_trajectory set reviewed = reviewed + 1"],
    ["review-counts", "update run_trajectory set review = 'partial'"],
    ["review-counts", "update run_trajectory set review = 'complete', to_review = 1, reviewed = 1"],
    [
      "dataset-examples",
      `insert into dataset (name, content_hash, review_policy, selection, card, example_count, person_id)
        select 'd', 'h', 'approved', '{}', '{}', 3, min(id) from person`,
    ],
    [
      "rollout-identity",
      `drop index rollout_run_id_trajectory_id_state_index_attempt_key;
       insert into rollout (run_id, trajectory_id, state_index, attempt, status)
        select run_id, trajectory_id, state_index, attempt, 'cancelled' from rollout`,
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

  it("are each shown to be broken by some test above", () => {
    const text = readFileSync(fileURLToPath(new URL("../../prisma/invariants.sql", import.meta.url)), "utf8");
    const rules = [...text.matchAll(/^-- ([a-z-]+): /gm)].map(([, name]) => name);
    const files = [import.meta.url, new URL("./store-dataset-rules.test.ts", import.meta.url)];
    const tests = files.map((file) => readFileSync(fileURLToPath(file), "utf8")).join();
    expect(rules.filter((rule) => !tests.includes(`"${rule}"`))).toEqual([]);
  });
});
