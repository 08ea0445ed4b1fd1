import { firstDifference } from "@/lib/core/first-difference";
import type { AttemptRow, TrajectoryAbout } from "@/lib/core/trajectory-store";
import type { Deps } from "./deps";
import { stepTexts } from "./trajectories";

/** Of one subtask to choose from. */
const ATTEMPTS = 200;

type Compared = Pick<
  TrajectoryAbout,
  | "trajectoryId"
  | "environmentName"
  | "subtaskKey"
  | "instruction"
  | "source"
  | "model"
  | "reward"
  | "success"
  | "stepCount"
  | "finalObservation"
>;

/** Two trajectories of one subtask. */
export type Comparison = {
  one: Compared;
  /** Null where there is no other one, or the one asked for is of another subtask. */
  other: Compared | null;
  /** Of the same subtask, solved first, then by reward. */
  attempts: AttemptRow[];
  /** The first step that differs in what was seen or done; the end of the shorter one where none does. */
  differsAt: number;
};

/**
 * Two trajectories of a subtask, and where they part.
 * @param otherId null for the best of the others
 * @throws AppError not_found
 */
export async function compareTrajectories(
  deps: Pick<Deps, "store">,
  trajectoryId: number,
  otherId: number | null,
): Promise<Comparison> {
  const { trajectories } = deps.store;
  const [one, unsorted] = await Promise.all([
    about(deps, trajectoryId),
    trajectories.attempts(trajectoryId, ATTEMPTS),
  ]);
  const attempts = unsorted.sort(
    (a, b) => Number(b.success ?? false) - Number(a.success ?? false) || (b.reward ?? -1) - (a.reward ?? -1),
  );
  const best = attempts.find((attempt) => attempt.trajectoryId !== trajectoryId);
  const chosen = otherId ?? best?.trajectoryId ?? null;
  const other = chosen === null ? null : await about(deps, chosen);
  const same = other?.environmentName === one.environmentName && other.subtaskKey === one.subtaskKey;
  if (!other || !same) return { one, other: null, attempts, differsAt: 0 };
  return { one, other, attempts, differsAt: await partingOf(deps, one, other) };
}

async function about({ store }: Pick<Deps, "store">, trajectoryId: number): Promise<Compared> {
  const whole = await store.trajectories.about(trajectoryId);
  const { environmentName, subtaskKey, instruction, source, model } = whole;
  const { reward, success, stepCount, finalObservation } = whole;
  const what = { trajectoryId, environmentName, subtaskKey, instruction, source, model };
  return { ...what, reward, success, stepCount, finalObservation };
}

/** Read a page at a time: most part early. */
async function partingOf(deps: Pick<Deps, "store">, one: Compared, other: Compared): Promise<number> {
  const end = Math.min(one.stepCount, other.stepCount);
  let from = 0;
  while (from < end) {
    const [here, there] = await Promise.all([
      stepTexts(deps, one.trajectoryId, from),
      stepTexts(deps, other.trajectoryId, from),
    ]);
    const at = firstDifference(here, there);
    if (at !== null) return from + at;
    from += Math.min(here.length, there.length);
  }
  return end;
}
