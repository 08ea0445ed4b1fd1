import type { StateEvidence } from "./evidence";
import type { Example, MaskedMessage } from "./example";
import type { ExamplePlan } from "./example-plan";
import type { EffectiveReviews } from "./review";
import type { RolloutRow, RunRow } from "./rows";
import type { Message, Trajectory } from "./trajectory";

/** One step as chat messages: what was said to the actor, and its reply. */
export type RenderedStep = { input: Message[]; reply: Message };

/** An expert trajectory as the chat messages a model sees. */
export type RenderedTrajectory = Pick<Trajectory, "trajectoryId" | "contentHash" | "subtaskKey" | "tools"> & {
  environmentName: string;
  opening: Message[];
  steps: RenderedStep[];
};

/** What one example of a mined trajectory is built from. */
export type MinedParts = {
  trajectory: RenderedTrajectory;
  run: Pick<RunRow, "runId" | "checkpoint" | "ruleVersion">;
  evidence: StateEvidence[];
  effective: EffectiveReviews;
  plan: ExamplePlan;
  /** The chosen rollout of `plan.rolloutFrom`; its steps are empty when the evidence came without them. */
  rollout: (Pick<RolloutRow, "stateIndex" | "attempt"> & { steps: RenderedStep[] }) | null;
};

/**
 * Messages with a loss mask for one solution: history up to the important state as context, the surviving expert part
 * trained, then the agent's own steps trained.
 * Source: eef.md section 4
 */
export function buildExample(parts: MinedParts): Example {
  const { trajectory, run, plan, effective, rollout } = parts;
  const trained = new Set(plan.trainedSteps);
  const conversation = start(trajectory.opening);
  trajectory.steps.slice(0, plan.expertSteps).forEach((step, stepIndex) => {
    const at = effective.steps[stepIndex];
    addTurn(conversation, step, {
      source: "expert",
      stepIndex,
      verdict: at?.verdict ?? null,
      decision: at?.decision.state ?? null,
      reviewer: at?.decision.reviewer ?? null,
      train: trained.has(stepIndex),
    });
  });
  const solution = plan.importantState === null ? undefined : effective.solutions.get(plan.importantState);
  const decided = { verdict: null, decision: solution?.state ?? null, reviewer: solution?.reviewer ?? null };
  rollout?.steps.forEach((step, stepIndex) =>
    addTurn(conversation, step, { source: "agent", stepIndex, ...decided, train: true }),
  );
  return {
    kind: plan.kind,
    ...about(trajectory, conversation),
    provenance: {
      ...origin(trajectory, conversation),
      importantState: plan.importantState,
      rollout: rollout
        ? { runId: run.runId, stateIndex: rollout.stateIndex, attempt: rollout.attempt }
        : null,
      checkpoint: run.checkpoint,
      ruleVersion: run.ruleVersion,
      evidence: parts.evidence.map(({ stateIndex, attempts, successes }) => ({
        stateIndex,
        attempts,
        successes,
      })),
    },
  };
}

/** Behaviour cloning: a solved expert trajectory with every agent turn trained. */
export function cloneExample(trajectory: RenderedTrajectory): Example {
  const conversation = start(trajectory.opening);
  trajectory.steps.forEach((step, stepIndex) =>
    addTurn(conversation, step, {
      source: "expert",
      stepIndex,
      verdict: null,
      decision: null,
      reviewer: null,
      train: true,
    }),
  );
  return {
    kind: "bc",
    ...about(trajectory, conversation),
    provenance: {
      ...origin(trajectory, conversation),
      importantState: null,
      rollout: null,
      checkpoint: null,
      ruleVersion: null,
      evidence: [],
    },
  };
}

type Turn = Example["provenance"]["turns"][number];
type Growing = { messages: MaskedMessage[]; turns: Turn[] };

function start(opening: Message[]): Growing {
  return { messages: opening.map((message) => ({ ...message, train: false })), turns: [] };
}

function addTurn(conversation: Growing, step: RenderedStep, turn: Omit<Turn, "messageIndex">): void {
  conversation.messages.push(...step.input.map((message) => ({ ...message, train: false })));
  conversation.turns.push({ messageIndex: conversation.messages.length, ...turn });
  conversation.messages.push({ ...step.reply, train: turn.train });
}

function origin({ contentHash, trajectoryId }: RenderedTrajectory, { turns }: Growing) {
  return { trajectory: contentHash, trajectoryId, turns };
}

function about(trajectory: RenderedTrajectory, conversation: Growing) {
  return {
    environment: trajectory.environmentName,
    subtaskKey: trajectory.subtaskKey,
    messages: conversation.messages,
    tools: trajectory.tools,
  };
}
