import { z } from "zod";

/** How a dataset is trained on; what is null is left to the provider. */
export const TrainingSettings = z.strictObject({
  /** The model to begin with, as the provider names it. */
  model: z.string().trim().min(1).max(200),
  /** Put into the new model's name. */
  suffix: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, "must be up to 40 letters, digits, - or _")
    .nullable()
    .default(null),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullable()
    .default(null),
  epochs: z.number().int().min(1).max(100).nullable().default(null),
  batchSize: z.number().int().min(1).max(4096).nullable().default(null),
  /** Of the provider's own rate where it takes a multiplier, else the rate itself. */
  learningRate: z.number().positive().max(1000).nullable().default(null),
  /** Further hyperparameters, sent as they are. */
  extra: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
      z.union([z.string().max(200), z.number(), z.boolean()]),
    )
    .refine((extra) => Object.keys(extra).length <= 20, "must be 20 at most")
    .default({}),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;
