import type { Store } from "@/lib/core/store";
import type { FineTuneProvider, TrainerDriver } from "@/lib/core/trainer";
import type { TrainingEventDraft } from "@/lib/core/training";
import type { TrainingClaim } from "@/lib/core/training-store";

/** A training that this worker holds, and who trains it. */
export type InHand = {
  trainings: Store["trainings"];
  datasets: Store["datasets"];
  claim: TrainingClaim;
  driver: TrainerDriver;
  config: unknown;
  provider: FineTuneProvider;
  secret: string | null;
  signal: AbortSignal;
};

/** Something that Gleaner did, as an event; done again by another worker, it is the same one. */
export function ownEvent(
  what: string,
  message: string,
  level: TrainingEventDraft["level"] = "info",
): TrainingEventDraft {
  return { key: `gleaner ${what}`, at: new Date(), level, message, step: null, loss: null, validLoss: null };
}

/** Keeps something that Gleaner did. */
export async function tell(
  { trainings, claim }: Pick<InHand, "trainings" | "claim">,
  event: TrainingEventDraft,
): Promise<void> {
  await trainings.report(claim.trainingId, claim.epoch, { events: [event], cursor: null, totalSteps: null });
}
