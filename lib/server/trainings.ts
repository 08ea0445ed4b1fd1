import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import * as trainings from "@/lib/usecases/trainings";
import { defineAction } from "./action";
import { deps } from "./deps";

const TrainingId = z.strictObject({ trainingId: z.number().int().positive() });

/** Adds a provider or changes the one of that name; its key is never sent back. */
export const putTrainingProvider = defineAction(trainings.TrainingProviderInput, async (input) => {
  const { providerId } = await trainings.putTrainingProvider(deps(), input);
  refresh();
  return { providerId };
});

/** Starts a training; answers where to look. */
export const startTraining = defineAction(trainings.TrainingInput, async (input, person) => {
  const { trainingId } = await trainings.startTraining(deps(), person.personId, input);
  return { trainingId };
});

export const cancelTraining = defineAction(TrainingId, async ({ trainingId }) => {
  await trainings.cancelTraining(deps(), trainingId);
  refresh();
});

/** Registers a checkpoint that a person serves. */
export const registerTraining = defineAction(trainings.RegisterInput, async (input) => {
  const { policyId } = await trainings.registerTraining(deps(), input);
  refresh();
  return { policyId };
});
