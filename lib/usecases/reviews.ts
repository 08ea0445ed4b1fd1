import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { decisions, reviewTargets, vetoReasons } from "@/lib/core/review";
import type { ReviewRows } from "@/lib/core/review-rows";
import type { Solution } from "@/lib/core/solution";
import { segmentOf, type Segment } from "@/lib/core/verdict";
import type { Deps } from "./deps";
import { reviewRows } from "./trajectories";

const Id = z.number().int().positive();

/** One decision of a person on one step or solution. */
export const ReviewInput = z.strictObject({
  runId: Id,
  trajectoryId: Id,
  target: z.enum(reviewTargets),
  targetIndex: z.number().int().min(0),
  decision: z.enum(decisions),
  reason: z.string().max(200).nullable(),
  note: z.string().max(4000).nullable(),
  /** The version the person saw; a newer one is a conflict, never overwritten. */
  expectedVersion: z.number().int().min(0),
  /** Made by the client once per decision: sending it again stores it once. */
  clientId: z.uuid().default(() => randomUUID()),
});
export type ReviewInput = z.input<typeof ReviewInput>;

/**
 * Records a decision and answers the page as it now is.
 * @throws AppError not_found for a target the run says nothing of, invalid_input for a decision that does not fit the
 * verdict, conflict when someone decided in between
 */
export async function reviewStep(
  deps: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof ReviewInput>,
): Promise<ReviewRows> {
  await deps.store.reviews.append({ ...input, personId, verdictSeen: (judged) => fitting(judged, input) });
  return reviewRows(deps, input.trajectoryId, input.runId);
}

type Judged = {
  segments: Pick<Segment, "from" | "to" | "verdict">[];
  solutions: Pick<Solution, "stateIndex" | "rolloutFrom">[];
};

/** The miner's word on what is decided. @throws AppError for a decision that does not fit it */
export function fitting(judged: Judged, input: Omit<z.output<typeof ReviewInput>, "clientId">): string {
  if (input.target === "solution") {
    if (input.decision === "promote")
      throw new AppError("invalid_input", "a solution can be approved or vetoed");
    const solution = judged.solutions.find((s) => s.stateIndex === input.targetIndex);
    if (!solution)
      throw new AppError("not_found", `run ${input.runId} has no solution of state ${input.targetIndex}`);
    return solution.rolloutFrom === null ? "unsolved" : "solved";
  }
  const step = segmentOf(judged.segments, input.targetIndex);
  if (!step)
    throw new AppError("not_found", `run ${input.runId} has no verdict on step ${input.targetIndex}`);
  if (input.decision === "approve" && step.verdict !== "beneficial")
    throw new AppError(
      "invalid_input",
      `step ${input.targetIndex} is ${step.verdict}: only beneficial steps are approved`,
      {
        fix: "promote it to train on it all the same",
      },
    );
  if (input.decision === "promote" && step.verdict === "harmful" && !input.reason)
    throw new AppError("invalid_input", `promoting the harmful step ${input.targetIndex} needs a reason`);
  if (input.decision === "veto" && input.reason !== null && !vetoReasons.some((r) => r === input.reason))
    throw new AppError("invalid_input", `there is no veto reason “${input.reason}”`, {
      fix: `use one of ${vetoReasons.join(", ")}, and put anything else into the note`,
    });
  return step.verdict;
}
