import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ExportContext } from "@/lib/core/ports";
import { probabilityGreater, type Tally } from "@/lib/core/statistics";
import { actionOf } from "./action";
import { actionsTo } from "./path";

/**
 * Least P(success before the action > after it) at which the expert's action counts as the worse one. One success before and
 * one failure after give 0.905.
 */
export const PAIR_CONFIDENCE = 0.9;

/** Two single actions at one state: the agent's that began a success, and the expert's that lost the task there. */
export type ForkPair = {
  /** The conversation up to the state: messages 0..chosenIndex-1 of the example. */
  chosenIndex: number;
  chosen: MaskedMessage;
  rejected: MaskedMessage;
  /** The state both act at; the expert's action is the step of the same index. */
  stateIndex: number;
  probability: number;
  before: Tally;
  after: Tally;
};

/**
 * The fork an example ends its expert part at: its rollout won from a state at which the expert's own next action lost the
 * task. Only where both the state before and the state right after that action were probed, so that no other action can be
 * to blame, where nobody promoted it and no other example of the subtask trains it. Everything is read from frozen examples and the expert
 * trajectory, which never change.
 * @returns null where there is no such fork, or the evidence is too thin
 */
export function forkPair(example: Example, { trajectory, siblings, trains }: ExportContext): ForkPair | null {
  const { rollout, evidence, turns } = example.provenance;
  const chosenIndex = turns.find(({ source }) => source === "agent")?.messageIndex;
  if (rollout === null || chosenIndex === undefined || trajectory === null) return null;
  const { stateIndex } = rollout;
  const chosen = example.messages[chosenIndex];
  const reply = trajectory.steps[stateIndex]?.reply;
  if (chosen === undefined || reply === undefined || actionOf(chosen) === actionOf(reply)) return null;
  const before = evidence.find((state) => state.stateIndex === stateIndex);
  const after = evidence.find((state) => state.stateIndex === stateIndex + 1);
  if (!before || !after || before.successes === 0 || after.successes > 0) return null;
  const probability = probabilityGreater(before, after);
  if (probability < PAIR_CONFIDENCE || isTrusted(siblings, stateIndex)) return null;
  if (trains([...actionsTo(example, chosenIndex).slice(0, -1), actionOf(reply)])) return null;
  return {
    chosenIndex,
    chosen,
    rejected: { ...reply, train: false },
    stateIndex,
    probability: Math.round(probability * 10_000) / 10_000,
    before: { attempts: before.attempts, successes: before.successes },
    after: { attempts: after.attempts, successes: after.successes },
  };
}

/** What a sidecar says of a pair. */
export function becauseOf({ stateIndex, probability, before, after }: ForkPair): Record<string, unknown> {
  return { fork: stateIndex, probability, least: PAIR_CONFIDENCE, before, after };
}

/** A person approved or promoted the expert's action, or the dataset trains it. */
function isTrusted(siblings: readonly Example[], stepIndex: number): boolean {
  return siblings.some(({ provenance }) =>
    provenance.turns.some(
      (turn) =>
        turn.source === "expert" &&
        turn.stepIndex === stepIndex &&
        (turn.train || turn.decision === "promoted" || turn.decision === "approved"),
    ),
  );
}
