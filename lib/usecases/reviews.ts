import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { decisions, reviewTargets, vetoReasons } from "@/lib/core/review";
import type { ReviewRows } from "@/lib/core/review-rows";
import { stepRowsOf } from "@/lib/core/step-rows";
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
  const before = await reviewRows(deps, input.trajectoryId, input.runId);
  await deps.store.reviews.append({ ...input, personId, verdictSeen: fitting(before, input) });
  return reviewRows(deps, input.trajectoryId, input.runId);
}

/** The miner's word on what is decided. @throws AppError for a decision that does not fit it */
export function fitting(rows: ReviewRows, input: Omit<z.output<typeof ReviewInput>, "clientId">): string {
  if (input.target === "solution") {
    if (input.decision === "promote")
      throw new AppError("invalid_input", "a solution can be approved or vetoed");
    const solution = rows.solutions.find((s) => s.stateIndex === input.targetIndex);
    if (!solution)
      throw new AppError("not_found", `run ${input.runId} has no solution of state ${input.targetIndex}`);
    return solution.rolloutFrom === null ? "unsolved" : "solved";
  }
  const step = stepRowsOf(rows)[input.targetIndex];
  if (!step?.verdict)
    throw new AppError("not_found", `run ${input.runId} has no verdict on step ${input.targetIndex}`);
  if (input.decision === "approve" && step.verdict !== "beneficial")
    throw new AppError(
      "invalid_input",
      `step ${step.stepIndex} is ${step.verdict}: only beneficial steps are approved`,
      {
        fix: "promote it to train on it all the same",
      },
    );
  if (input.decision === "promote" && step.verdict === "harmful" && !input.reason)
    throw new AppError("invalid_input", `promoting the harmful step ${step.stepIndex} needs a reason`);
  if (input.decision === "veto" && input.reason !== null && !vetoReasons.some((r) => r === input.reason))
    throw new AppError("invalid_input", `there is no veto reason “${input.reason}”`, {
      fix: `use one of ${vetoReasons.join(", ")}, and put anything else into the note`,
    });
  return step.verdict;
}
