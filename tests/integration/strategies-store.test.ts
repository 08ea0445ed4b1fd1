import { describe, expect, it } from "vitest";
import type { CritiqueCall } from "@/lib/core/critique";
import type { TrajectoryFilter } from "@/lib/core/rows";
import { paperRule } from "@/lib/core/rule";
import { disagreementsOf } from "@/lib/core/strategies/disagree";
import { strategyFacts } from "@/lib/core/strategies/facts";
import { assessAll } from "@/lib/core/strategies/registry";
import { setRule } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";
import { aPlannedRun, aRun, aTrajectory, anEvidence, mineOut, solved, unsolved } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let seed = 0;
const stored = async (change: Parameters<typeof aTrajectory>[0] = {}) => {
  const { trajectoryIds } = await db.store.trajectories.add(
    [aTrajectory({ reward: 0, ...change }, seed++)],
    null,
  );
  return trajectoryIds[0] ?? 0;
};
const asker = async () => {
  const { personId } = await db.store.people.ensure("Ada");
  const { policyId } = await db.store.policies.put({ name: "critic", kind: "openai", config: {} });
  return { personId, policyId };
};

/** Has a critic say this of a trajectory of six steps: + helpful, - harmful, ? unsure. */
async function criticise(trajectoryId: number, word: string): Promise<void> {
  const calls: Record<string, CritiqueCall> = { "+": "helpful", "-": "harmful", "?": "unsure" };
  const [critiqueId = 0] = await db.store.critiques.ask({
    ...(await asker()),
    trajectoryIds: [trajectoryId],
  });
  const claim = await db.store.critiques.claim(critiqueId, "test", 60_000);
  const steps = [...word].map((each, stepIndex) => ({
    stepIndex,
    call: calls[each] ?? "unsure",
    reason: "so",
  }));
  const end = { status: "completed" as const, checkpoint: "judge", promptVersion: "critic@1", steps };
  const usage = { promptTokens: 5, completionTokens: 7 };
  expect(await db.store.critiques.end(critiqueId, claim?.epoch ?? 0, { ...end, ...usage })).toBe(true);
}

const disagreements = (trajectoryId: number) =>
  db.query(
    "select run_id as run, pair, steps from strategy_disagreement where trajectory_id = $1 order by run_id nulls first, pair",
    [trajectoryId],
  );
const matching = (change: Partial<TrajectoryFilter>) =>
  db.store.trajectories.ids({ ...Filter.parse({}), ...change }, 1000);

describe("where strategies disagree", () => {
  it("is derived when a run finishes a trajectory and when a critique lands, whichever comes first", async () => {
    const late = await stored();
    const early = await stored();
    await criticise(early, "-+??+?");
    const run = await aPlannedRun(db.store, [late, early]);
    // 0 1 1: the first two actions are beneficial, the rest redundant.
    for (const trajectoryId of [late, early])
      await mineOut(db.store, { runId: run.runId, trajectoryId }, (at) => (at === 0 ? unsolved : solved));
    expect(await disagreements(late)).toEqual([]);
    await criticise(late, "-+??+?");
    const expected = [
      { run: run.runId, pair: "eef-critic", steps: [0, 4] },
      { run: run.runId, pair: "ipr-critic", steps: [0, 4] },
    ];
    expect(await disagreements(late)).toEqual(expected);
    expect(await disagreements(early)).toEqual(expected);
    expect(await matching({ disagreement: "eef-critic" })).toEqual([late, early]);
    expect(await matching({ disagreement: "eef-critic", runId: run.runId })).toEqual([late, early]);
    expect(await matching({ disagreement: "eef-ipr" })).toEqual([]);
    await criticise(late, "++??-?");
    expect(await disagreements(late)).toEqual([]);
    expect(await matching({ disagreement: "any" })).toEqual([early]);
    expect(await matching({ disagreement: "any", runId: run.runId + 1 })).toEqual([]);
  });

  it("follows the rule of the run when it is moved", async () => {
    const trajectoryId = await stored({ reward: 0.5 });
    const run = await aPlannedRun(db.store, [trajectoryId], [0, 3]);
    await mineOut(db.store, { runId: run.runId, trajectoryId }, () => ({ ...unsolved, reward: 0.1 }));
    // A dead end for EEF; for step values the end is worth more than what the agent gets to.
    const pair = { run: run.runId, pair: "eef-ipr", steps: [3, 4, 5] };
    expect(await disagreements(trajectoryId)).toEqual([pair]);
    await setRule(db, run.runId, { ...paperRule, alpha: 0.99 });
    expect(await disagreements(trajectoryId)).toEqual([]);
    await setRule(db, run.runId, paperRule);
    expect(await disagreements(trajectoryId)).toEqual([pair]);
  });

  it("needs no run where a critic speaks against the expert's own success", async () => {
    const trajectoryId = await stored({ success: true, reward: 1 });
    await criticise(trajectoryId, "+-????");
    expect(await disagreements(trajectoryId)).toEqual([{ run: null, pair: "bc-critic", steps: [1] }]);
    expect(await matching({ disagreement: "bc-critic" })).toEqual([trajectoryId]);
    const { runId } = await aRun(db.store, { origin: "imported" });
    await db.store.rollouts.addEvidence(runId, [anEvidence({ trajectoryId, stateIndex: 0, end: solved })]);
    // In its newest run it still is so; the row without a run no longer counts.
    expect(await matching({ disagreement: "bc-critic" })).toEqual([trajectoryId]);
    await db.query("delete from strategy_disagreement where run_id is not null and trajectory_id = $1", [
      trajectoryId,
    ]);
    expect(await matching({ disagreement: "bc-critic" })).toEqual([]);
    await db.store.disagreements.refresh(runId, [trajectoryId]);
    expect(await matching({ disagreement: "bc-critic" })).toEqual([trajectoryId]);
  });

  it("is the same when derived again, and is caught up on where it never was", async () => {
    const ids = [];
    for (let i = 0; i < 12; i++) ids.push(await stored({ reward: (i % 4) / 4 }));
    const run = await aPlannedRun(db.store, ids, [0, 1, 3, 5]);
    for (const [i, trajectoryId] of ids.entries()) {
      if (i % 3 > 0) await criticise(trajectoryId, i % 2 ? "+-+-+-" : "-+??-+");
      await mineOut(db.store, { runId: run.runId, trajectoryId }, (at) =>
        (i + at) % 2 ? solved : { ...unsolved, reward: (i % 5) / 5 },
      );
    }
    const facts = await db.store.facts(run.runId, ids);
    const critiques = await db.store.critiques.newest(ids);
    let rows = 0;
    for (const trajectoryId of ids) {
      const { source, success, reward, steps } = await db.store.trajectories.get(trajectoryId);
      const mined = { rollouts: facts.get(trajectoryId)?.rollouts ?? [], rule: run };
      const about = { source, success, reward, length: steps.length };
      const again = disagreementsOf(
        assessAll(strategyFacts(about, mined, critiques.get(trajectoryId) ?? null)),
      );
      const kept = (await disagreements(trajectoryId)).filter((row) => row.run === run.runId);
      expect(kept.map(({ pair, steps: on }) => ({ pair, steps: on }))).toEqual(
        again.sort((a, b) => a.pair.localeCompare(b.pair)),
      );
      rows += kept.length;
    }
    expect(rows).toBeGreaterThan(5);
    const all = await db.query(
      "select trajectory_id, run_id, pair, steps from strategy_disagreement order by 1, 2, 3",
    );
    await db.query("delete from strategy_disagreement where run_id is not null");
    await db.query("update run_trajectory set compared = false");
    let caught = 0;
    for (let some = 1; some > 0; caught += some) some = await db.store.disagreements.catchUp(5);
    expect(caught).toBeGreaterThanOrEqual(12);
    expect(
      await db.query("select trajectory_id, run_id, pair, steps from strategy_disagreement order by 1, 2, 3"),
    ).toEqual(all);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("pages through the filtered list in every order, each row once", async () => {
    const all = await matching({ disagreement: "any", success: null });
    expect(all.length).toBeGreaterThan(8);
    for (const sort of ["newest", "oldest", "reward", "length", "harmful"] as const) {
      const filter = { ...Filter.parse({}), disagreement: "any" as const };
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await db.store.trajectories.list(filter, sort, cursor, 3);
        seen.push(...page.rows.map((row) => row.trajectoryId));
        cursor = page.next;
      } while (cursor !== null);
      expect([...seen].sort((a, b) => a - b)).toEqual(all);
    }
  });
});

describe("critiques", () => {
  it("are claimed by one worker, and taken over when it is gone; a late word of the first is refused", async () => {
    const [critiqueId = 0] = await db.store.critiques.ask({
      ...(await asker()),
      trajectoryIds: [await stored()],
    });
    const { critiques } = db.store;
    const first = await critiques.claim(critiqueId, "one", 60_000);
    expect(first).toMatchObject({ epoch: 1 });
    expect(await critiques.claim(critiqueId, "two", 60_000)).toBeNull();
    expect(await critiques.renew(critiqueId, 1, 60_000)).toBe(true);
    await db.query("update critique set lease_until = now() - interval '1 second' where id = $1", [
      critiqueId,
    ]);
    expect(await critiques.waiting(10)).toEqual([critiqueId]);
    expect(await critiques.claim(critiqueId, "two", 60_000)).toMatchObject({ epoch: 2 });
    const error = {
      status: "errored" as const,
      code: "bad_reply",
      message: "no",
      promptTokens: 1,
      completionTokens: 1,
    };
    expect(await critiques.renew(critiqueId, 1, 60_000)).toBe(false);
    expect(await critiques.end(critiqueId, 1, error)).toBe(false);
    expect(await critiques.end(critiqueId, 2, error)).toBe(true);
    expect(await critiques.end(critiqueId, 2, error)).toBe(false);
    expect(await critiques.get(critiqueId)).toMatchObject({
      status: "errored",
      steps: null,
      errorCode: "bad_reply",
    });
  });

  it("are given up when their worker is gone again and again", async () => {
    const [critiqueId = 0] = await db.store.critiques.ask({
      ...(await asker()),
      trajectoryIds: [await stored()],
    });
    for (let i = 0; i < 5; i++) {
      expect(await db.store.critiques.claim(critiqueId, "gone", 60_000)).not.toBeNull();
      await db.query("update critique set lease_until = now() - interval '1 second' where id = $1", [
        critiqueId,
      ]);
    }
    expect(await db.store.critiques.claim(critiqueId, "next", 60_000)).toBeNull();
    expect(await db.store.critiques.get(critiqueId)).toMatchObject({
      status: "errored",
      errorCode: "poison",
    });
  });

  it("are asked for once while they wait, and cancelled while they do", async () => {
    const trajectoryIds = [await stored(), await stored()];
    const who = await asker();
    const ids = await db.store.critiques.ask({ ...who, trajectoryIds });
    expect(ids).toHaveLength(2);
    expect(await db.store.critiques.ask({ ...who, trajectoryIds })).toEqual([]);
    expect(await db.store.critiques.cancelQueued(ids)).toBe(2);
    expect(await db.store.critiques.counts(ids)).toMatchObject({ cancelled: 2, queued: 0 });
    await expect(db.store.critiques.ask({ ...who, trajectoryIds: [999_999] })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it.each([
    "update critique set status = 'completed'",
    "update critique set steps = '[]' where status = 'errored'",
    "update critique set status = 'running', steps = null, error_code = null",
    "update critique set error_code = null where status = 'errored'",
  ])("are never stored half: %s", async (change) => {
    await expect(db.query(change)).rejects.toThrow(/critique_/);
  });
});
