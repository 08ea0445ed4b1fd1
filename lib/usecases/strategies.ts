import { countAssessments, noComparison, type Comparison } from "@/lib/core/strategies/comparison";
import { strategyFacts } from "@/lib/core/strategies/facts";
import { assessAll } from "@/lib/core/strategies/registry";
import type { SolvedState } from "@/lib/core/run-preview";
import type { Deps } from "./deps";

/** Trajectories read at once. */
const BATCH = 200;

/**
 * What each strategy would train on of the finished trajectories of a run, before any review, and where they disagree.
 * Derived from the stored rollouts, the run's rule and each trajectory's newest critique.
 * @throws AppError not_found
 */
export async function compareStrategies({ store }: Pick<Deps, "store">, runId: number): Promise<Comparison> {
  const run = await store.runs.get(runId);
  const ids = await store.runs.trajectoryIds(runId, ["done", "errored"]);
  const comparison = noComparison();
  for (let i = 0; i < ids.length; i += BATCH) {
    const batch = ids.slice(i, i + BATCH);
    const [facts, critiques, briefs] = await Promise.all([
      store.facts(runId, batch),
      store.critiques.newest(batch),
      store.trajectories.briefs(batch),
    ]);
    const assessed = briefs.flatMap(({ trajectoryId, stepCount, source, success, reward }) => {
      const of = facts.get(trajectoryId);
      if (!of) return [];
      const about = { source, success, reward, length: stepCount };
      const given = strategyFacts(
        about,
        { rollouts: of.rollouts, rule: run },
        critiques.get(trajectoryId) ?? null,
      );
      return [{ trajectoryId, assessments: assessAll(given) }];
    });
    const wanted = assessed.flatMap(({ trajectoryId, assessments }): SolvedState[] => [
      { trajectoryId, stateIndex: null },
      ...[
        ...new Set(Object.values(assessments).flatMap(({ examples }) => examples.map((e) => e.rolloutFrom))),
      ]
        .filter((stateIndex) => stateIndex !== null)
        .map((stateIndex) => ({ trajectoryId, stateIndex })),
    ]);
    const texts = await store.runs.textLengths(runId, wanted);
    for (const { trajectoryId, assessments } of assessed) {
      const of = texts.filter((text) => text.trajectoryId === trajectoryId);
      const rollouts = new Map(
        of.flatMap(({ stateIndex, rollout }) =>
          stateIndex === null ? [] : [[stateIndex, rollout] as const],
        ),
      );
      countAssessments(comparison, assessments, { steps: of[0]?.steps ?? [], rollouts });
    }
  }
  for (const total of Object.values(comparison.totals)) total.tokens = Math.round(total.tokens);
  return comparison;
}
