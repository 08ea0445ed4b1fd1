import { z } from "zod";
import { errorCodes } from "./errors";

/** How far freezing a dataset is: chosen trajectories that were looked at, of all. */
export const FreezeProgress = z.object({ trajectories: z.number(), of: z.number() });
export type FreezeProgress = z.infer<typeof FreezeProgress>;

/** One line of what is answered while a dataset is frozen: how far it is; at the end the dataset, or why there is none. */
export const FreezeLine = z.union([
  FreezeProgress,
  z.object({ datasetId: z.number() }),
  z.object({
    error: z.object({ code: z.enum(errorCodes), message: z.string(), fix: z.string().optional() }),
  }),
]);
export type FreezeLine = z.infer<typeof FreezeLine>;
