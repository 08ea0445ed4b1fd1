import { applyReviews, type DecisionState } from "@/lib/core/review";
import { gatherEvidence } from "@/lib/core/evidence";
import { judge } from "@/lib/core/judge";
import type { MinedFacts, RunRow } from "@/lib/core/rows";
import type { ReplayState } from "@/lib/core/run";
import type { Trajectory } from "@/lib/core/trajectory";
import { segmentOf, type UndecidedReason, type Verdict } from "@/lib/core/verdict";
import type { Deps } from "./deps";

const BATCH = 200;

/** What mining says of one trajectory, for scripts: probed states with n and x, a verdict per action, the solutions. */
export type VerdictReport = {
  trajectoryId: number;
  environment: string;
  subtaskKey: string;
  externalId: string | null;
  contentHash: string;
  /** The expert's own outcome: verdicts are about failures, but evidence may speak of solved trajectories too. */
  reward: number | null;
  success: boolean | null;
  runId: number;
  checkpoint: string;
  ruleVersion: string;
  alpha: number;
  minAttempts: number;
  replay: ReplayState;
  states: { state: number; n: number; x: number; errored: number }[];
  actions: {
    step: number;
    action: string;
    verdict: Verdict;
    recovery: boolean;
    proposed: Verdict | null;
    reason: UndecidedReason | null;
    probability: number | null;
    decision: DecisionState;
    /** Decisions on it so far: what the next one has to have seen. */
    version: number;
  }[];
  solutions: {
    state: number;
    recovery: boolean;
    expertActions: { from: number; to: number } | null;
    rolloutFrom: number | null;
    confirmed: boolean;
    decision: DecisionState;
    version: number;
  }[];
};

/** The report of every trajectory of a run, in trajectory order, or of one of them. */
export async function* verdictReports(
  { store }: Pick<Deps, "store">,
  runId: number,
  trajectoryId: number | null,
): AsyncGenerator<VerdictReport> {
  const run = await store.runs.get(runId);
  const ids = trajectoryId === null ? await store.runs.trajectoryIds(runId) : [trajectoryId];
  for (let i = 0; i < ids.length; i += BATCH) {
    const batch = ids.slice(i, i + BATCH);
    const facts = await store.facts(runId, batch);
    for (const id of batch) {
      const of = facts.get(id);
      if (of) yield reportOf(run, await store.trajectories.get(id), of);
    }
  }
}

function reportOf(
  run: RunRow,
  trajectory: Trajectory & { environmentName: string },
  facts: MinedFacts,
): VerdictReport {
  const judgement = judge(trajectory.steps.length, facts, run);
  const effective = applyReviews(trajectory.steps.length, judgement, facts.reviews);
  const { trajectoryId, environmentName, subtaskKey, externalId, contentHash, reward, success } = trajectory;
  const { runId, checkpoint, ruleVersion, alpha, minAttempts } = run;
  return {
    ...{ trajectoryId, environment: environmentName, subtaskKey, externalId, contentHash, reward, success },
    ...{ runId, checkpoint, ruleVersion, alpha, minAttempts, replay: facts.entry.replay },
    states: gatherEvidence(facts.rollouts).map(({ stateIndex, attempts, successes, errored }) => ({
      state: stateIndex,
      n: attempts,
      x: successes,
      errored,
    })),
    actions: effective.steps.map(({ stepIndex, verdict, recovery, decision }) => {
      const segment = segmentOf(judgement.segments, stepIndex);
      return {
        step: stepIndex,
        action: trajectory.steps[stepIndex]?.action ?? "",
        verdict,
        recovery,
        proposed: segment?.proposed ?? null,
        reason: segment?.undecidedReason ?? null,
        probability: segment?.probability ?? null,
        decision: decision.state,
        version: decision.version,
      };
    }),
    solutions: judgement.solutions.map(({ stateIndex, recovery, expertPart, rolloutFrom, confirmed }) => ({
      state: stateIndex,
      recovery,
      expertActions: expertPart,
      rolloutFrom,
      confirmed,
      decision: effective.solutions.get(stateIndex)?.state ?? "pending",
      version: effective.solutions.get(stateIndex)?.version ?? 0,
    })),
  };
}
