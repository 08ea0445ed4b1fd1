import { beforeAll, describe, expect, it } from "vitest";
import { RecipeSettings } from "@/lib/core/dataset-recipe";
import { reviewPolicies } from "@/lib/core/rows";
import { paperRule, type VerdictRule } from "@/lib/core/rule";
import { Account } from "@/lib/usecases/dataset-account";
import { datasetExamples } from "@/lib/usecases/dataset-examples";
import { FactsNow } from "@/lib/usecases/example-facts";
import { reviewStep } from "@/lib/usecases/reviews";
import { previewRule } from "@/lib/usecases/rule-preview";
import { setRule } from "@/lib/usecases/runs";
import { aRun, broken, mineOut, numbersFrom, solved, trajectories, unsolved } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
const STATES = [0, 2, 4];
const ATTEMPTS = 4;
let runId = 0;
let ids: number[] = [];

beforeAll(async () => {
  ids = (await db.store.trajectories.add(trajectories(24), null)).trajectoryIds;
  runId = (await aRun(db.store)).runId;
  const probes = STATES.flatMap((stateIndex) =>
    Array.from({ length: ATTEMPTS }, (_, attempt) => ({ stateIndex, attempt })),
  );
  await db.store.runs.plan(
    runId,
    ids.map((trajectoryId) => ({ trajectoryId, probes })),
  );
  const random = numbersFrom(7);
  // The last one stays as it is: what is still being mined is in no preview.
  for (const trajectoryId of ids.slice(0, -1)) {
    const rates = new Map(STATES.map((state) => [state, random() ** 2]));
    await mineOut(db.store, { runId, trajectoryId }, (state) =>
      random() < 0.05 ? broken : random() < (rates.get(state) ?? 0) ? solved : unsolved,
    );
  }
});

const rules: VerdictRule[] = [
  paperRule,
  { ...paperRule, alpha: 0.95 },
  { ...paperRule, minAttempts: ATTEMPTS },
  { alpha: 0.9, minAttempts: 3, ruleVersion: "eef-2" },
];

describe("a preview", () => {
  it.each(rules)(
    "of $ruleVersion, α $alpha, n $minAttempts is what follows when it is stored",
    async (rule) => {
      const before = await db.store.runs.get(runId);
      const preview = await previewRule(db, runId, rule);
      expect(await db.store.runs.get(runId)).toEqual(before);
      await setRule(db, runId, rule);
      expect((await db.store.runs.progress(runId)).verdicts).toEqual(preview.verdicts);
      expect(await brokenRules(db.query)).toEqual({});
      for (const reviewPolicy of reviewPolicies) {
        const recipe = { ...RecipeSettings.parse({ runId, reviewPolicy }), trajectoryIds: ids };
        const account = new Account(recipe, false);
        const { card } = account;
        let actions = 0;
        let examples = 0;
        for await (const { example } of datasetExamples(new FactsNow(db.store), recipe, account)) {
          examples += 1;
          actions += example.provenance.turns.filter((turn) => turn.source === "expert" && turn.train).length;
        }
        const kept = preview.kept[reviewPolicy];
        expect({ actions, examples }).toEqual({ actions: kept.actions, examples: kept.examples });
        // The prompt's own words around thought and action are not counted.
        expect(kept.tokens * 4).toBeLessThanOrEqual(card.trainedCharacters + 2);
        expect(kept.tokens * 4).toBeGreaterThanOrEqual(card.trainedCharacters / 2);
      }
    },
  );

  it("counts what people decided", async () => {
    await setRule(db, runId, paperRule);
    const before = await previewRule(db, runId, paperRule);
    expect(before.kept.approved).toEqual({ actions: 0, examples: 0, tokens: 0 });
    expect(before.kept.not_vetoed.actions).toBe(before.verdicts.beneficial);
    const { rows } = await db.store.runs.trajectories(runId, null, 50);
    const { trajectoryId } = rows.find((row) => row.beneficial > 0) ?? { trajectoryId: 0 };
    const facts = (await db.store.facts(runId, [trajectoryId])).get(trajectoryId);
    expect(facts).toBeDefined();
    const { personId } = await db.store.people.ensure("Ada");
    await reviewStep(db, personId, {
      ...{ runId, trajectoryId, target: "step", targetIndex: 0, decision: "veto", reason: null, note: null },
      ...{ expectedVersion: 0, clientId: crypto.randomUUID() },
    });
    const after = await previewRule(db, runId, paperRule);
    const was = before.kept.not_vetoed.actions;
    expect([was, was - 1]).toContain(after.kept.not_vetoed.actions);
    expect(after.verdicts).toEqual(before.verdicts);
  });

  it("names a confidence whose claims are expected to be wrong in at most one of twenty", async () => {
    const { target, tradeOffs, wrong } = await previewRule(db, runId, paperRule);
    expect(wrong.claims).toBeGreaterThan(3);
    expect(wrong.expectedWrong / wrong.claims).toBeGreaterThan(target.share);
    expect(tradeOffs[0]).toMatchObject(wrong);
    const careful = await previewRule(db, runId, { ...paperRule, alpha: target.alpha ?? 2 });
    expect(careful.wrong.claims).toBeGreaterThan(0);
    expect(careful.wrong.expectedWrong / careful.wrong.claims).toBeLessThanOrEqual(target.share);
    expect(careful.tradeOffs).toEqual(tradeOffs);
  });

  it("is nothing of an empty run, and an error of none", async () => {
    const empty = await aRun(db.store);
    expect(await previewRule(db, empty.runId, paperRule)).toMatchObject({
      wrong: { claims: 0, expectedWrong: 0 },
      target: { alpha: 0 },
      tradeOffs: [],
    });
    await expect(previewRule(db, 999_999, paperRule)).rejects.toMatchObject({ code: "not_found" });
  });
});
