import type { Example } from "@/lib/core/example";
import type { EvidenceDraft, RolloutEnd } from "@/lib/core/rows";
import { paperRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import type { Step, TrajectoryDraft } from "@/lib/core/trajectory";

/** Things of the domain, made up. The same arguments always give the same thing, another seed another one. */

const words = "amber basket candle drawer engine feather garden harbour island jacket kettle lantern".split(
  " ",
);

/** Numbers 0..1 that follow from a seed. */
export function numbersFrom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    state ^= state >>> 15;
    return (state >>> 0) / 2 ** 32;
  };
}

const wordsFrom = (seed: number, count: number): string => {
  const next = numbersFrom(seed);
  return Array.from({ length: count }, () => words[Math.floor(next() * words.length)]).join(" ");
};

/** A step of ReAct text. */
export function aStep(change: Partial<Step> = {}, seed = 0): Step {
  return {
    observation: `You see: ${wordsFrom(seed, 8)}.`,
    thought: `I should look at the ${wordsFrom(seed + 1, 1)}.`,
    action: `look[${wordsFrom(seed + 1, 1)}]`,
    reward: 0,
    messages: null,
    ...change,
  };
}

/** A failed expert trajectory of six steps, unless told otherwise. */
export function aTrajectory(change: Partial<TrajectoryDraft> = {}, seed = 0): TrajectoryDraft {
  const success = change.success === undefined ? false : change.success;
  return {
    environment: "house",
    subtaskKey: `house_${seed}`,
    instruction: `Find the ${wordsFrom(seed, 3)}.`,
    source: "expert",
    model: "expert-1",
    reward: success === null ? null : success ? 1 : Math.round(numbersFrom(seed)() * 90) / 100,
    success,
    opening: [],
    tools: null,
    steps: Array.from({ length: 6 }, (_, index) => aStep({}, seed * 1000 + index)),
    finalObservation: `The end of ${seed}.`,
    externalId: `episode-${seed}`,
    ...change,
  };
}

/** A step that calls a tool and says nothing, told in letters that are easily lost. */
export const aToolCall = (): Step =>
  aStep({
    thought: null,
    reward: null,
    messages: {
      input: [{ role: "user", content: "Hello 👋 \u202e" }],
      reply: {
        role: "assistant",
        content: null,
        toolCalls: [{ id: "1", name: "look", arguments: '{"b":1, "a":2}' }],
      },
    },
  });

/** A trajectory of one such step; its tools are in an order that nobody sorted. */
export const aToolCalling = (change: Partial<TrajectoryDraft> = {}, seed = 0): TrajectoryDraft =>
  aTrajectory(
    {
      tools: [{ type: "function", zebra: 1, apple: { name: "look" } }],
      opening: [{ role: "system", content: "Rules." }],
      steps: [aToolCall()],
      ...change,
    },
    seed,
  );

/** As many different trajectories as asked for. */
export const trajectories = (
  count: number,
  change: Partial<TrajectoryDraft> = {},
  from = 0,
): TrajectoryDraft[] => Array.from({ length: count }, (_, index) => aTrajectory(change, from + index));

const completed = { status: "completed" as const, finalObservation: "The end." };
export const solved = { ...completed, reward: 1, success: true } satisfies RolloutEnd;
export const unsolved = { ...completed, reward: 0, success: false } satisfies RolloutEnd;
export const broken = {
  status: "errored" as const,
  code: "endpoint_unavailable",
  message: "no answer",
  detail: null,
} satisfies RolloutEnd;

/** One imported rollout of two steps. */
export function anEvidence(change: Partial<EvidenceDraft> & { trajectoryId: number }): EvidenceDraft {
  const steps = [aStep({}, 1), aStep({}, 2)];
  return { stateIndex: 0, attempt: 0, end: solved, steps, ...change };
}

/** An example of three messages, of which the answer is trained. */
export function anExample(trajectoryId: number, seed = 0): Example {
  return {
    kind: "eef",
    environment: "house",
    subtaskKey: `house_${seed}`,
    messages: [
      { role: "system", content: "You are in a house.", train: false },
      { role: "user", content: wordsFrom(seed, 6), train: false },
      { role: "assistant", content: `look[${wordsFrom(seed + 1, 1)}]`, train: true },
    ],
    tools: null,
    provenance: {
      trajectory: "0".repeat(64),
      trajectoryId,
      importantState: 0,
      rollout: { runId: 1, stateIndex: 0, attempt: 0 },
      checkpoint: "agent-1",
      ruleVersion: "eef-1",
      evidence: [{ stateIndex: 0, attempts: 1, successes: 1 }],
      turns: [
        {
          messageIndex: 2,
          source: "agent",
          stepIndex: 0,
          verdict: null,
          decision: null,
          reviewer: null,
          train: true,
        },
      ],
    },
  };
}

/** A run with no trajectory in it yet. */
export async function aRun(store: Store, change: Partial<Parameters<Store["runs"]["create"]>[0]> = {}) {
  const { personId } = await store.people.ensure("Ada");
  return store.runs.create({
    name: "a run",
    origin: "mined",
    policyId: null,
    checkpoint: "agent-1",
    config: RunConfig.parse({}),
    ...paperRule,
    personId,
    ...change,
  });
}

/** A run with trajectories planned in it: one attempt at each of the given states. */
export async function aPlannedRun(store: Store, trajectoryIds: number[], states = [0, 2, 4]) {
  const run = await aRun(store);
  const probes = states.map((stateIndex) => ({ stateIndex, attempt: 0 }));
  await store.runs.plan(
    run.runId,
    trajectoryIds.map((trajectoryId) => ({ trajectoryId, probes })),
  );
  return run;
}

/** Claims and ends every queued rollout of a trajectory, as `how` says for each state. */
export async function mineOut(
  store: Store,
  at: { runId: number; trajectoryId: number },
  how: (stateIndex: number) => RolloutEnd,
): Promise<void> {
  for (;;) {
    const claim = await store.rollouts.claim(at.runId, at.trajectoryId, "test", 60_000);
    if (!claim) return;
    await store.rollouts.startCall(claim.rolloutId, claim.epoch);
    await store.rollouts.recordStep(claim.rolloutId, claim.epoch, claim.steps.length, aStep(), null);
    await store.rollouts.end(claim.rolloutId, claim.epoch, how(claim.stateIndex), "house@1");
  }
}
