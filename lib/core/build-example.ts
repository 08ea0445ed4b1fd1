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
  run: Pick<RunRow, "checkpoint" | "ruleVersion">;
  evidence: StateEvidence[];
  effective: EffectiveReviews;
  plan: ExamplePlan;
  /** The chosen rollout of `plan.rolloutFrom`; its steps are empty when the evidence came without them. */
  rollout: (Pick<RolloutRow, "runId" | "stateIndex" | "attempt"> & { steps: RenderedStep[] }) | null;
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
        ? { runId: rollout.runId, stateIndex: rollout.stateIndex, attempt: rollout.attempt }
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
  return wholeExample(trajectory, { kind: "bc", source: "expert", importantState: null, checkpoint: null });
}

/** An agent's own successful episode from the start, trained whole; it rests on no verdict. */
export function ownExample(trajectory: RenderedTrajectory, checkpoint: string): Example {
  return wholeExample(trajectory, { kind: "rft", source: "agent", importantState: 0, checkpoint });
}

function wholeExample(
  trajectory: RenderedTrajectory,
  how: Pick<Example, "kind"> & Pick<Turn, "source"> & Pick<Origin, "importantState" | "checkpoint">,
): Example {
  const { kind, source, importantState, checkpoint } = how;
  const conversation = start(trajectory.opening);
  const nobody = { verdict: null, decision: null, reviewer: null };
  trajectory.steps.forEach((step, stepIndex) =>
    addTurn(conversation, step, { source, stepIndex, ...nobody, train: true }),
  );
  return {
    kind,
    ...about(trajectory, conversation),
    provenance: {
      ...origin(trajectory, conversation),
      importantState,
      rollout: null,
      checkpoint,
      ruleVersion: null,
      evidence: [],
    },
  };
}

type Origin = Example["provenance"];
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
