import { z } from "zod";
import { BaseURL } from "@/lib/core/base-url";
import type { TrainerNotice } from "@/lib/core/trainer";
import { hyperparameterStyles, learningRates } from "./hyperparameters";

export const OpenAITrainerConfig = z.strictObject({
  /** Where the API lives, up to and including `/v1`. */
  baseURL: BaseURL,
  /** Where hyperparameters stand in the request: under `method`, as OpenAI has it, or at its top level. */
  hyperparameterStyle: z.enum(hyperparameterStyles).default("method"),
  /** Whether it takes a multiplier of its own learning rate, as OpenAI does, or the rate. */
  learningRate: z.enum(learningRates).default("multiplier"),
  /** Where the models it trains answer; null: at the same address, under the same key. */
  servedAt: BaseURL.nullable().default(null),
  pollMs: z.number().int().min(20).max(600_000).default(15_000),
  /** For one call other than an upload. */
  timeoutMs: z.number().int().min(100).max(600_000).default(60_000),
});
export type OpenAITrainerConfig = z.infer<typeof OpenAITrainerConfig>;

/** What OpenAI itself asks of a file; others ask for less. Source: formats.md, 2.3. */
export const ofOpenAI = { fewest: 10, bytes: 512_000_000 };
/** Whether it is OpenAI itself. */
export const isOpenAI = ({ baseURL }: Pick<OpenAITrainerConfig, "baseURL">) =>
  new URL(baseURL).hostname === "api.openai.com";
/** Fewest examples that are taken. */
export const fewest = (config: OpenAITrainerConfig) => (isOpenAI(config) ? ofOpenAI.fewest : 1);

/** Until when OpenAI itself does what. Source: OpenAI's deprecations page, as of November 2026. */
export const sunset: TrainerNotice[] = [
  { from: "2026-05-07", says: "OpenAI takes no fine-tuning jobs from organisations that never ran one." },
  {
    from: "2026-07-02",
    says: "OpenAI takes none from organisations that did not use a fine-tuned model in the last 60 days.",
  },
  { from: "2027-01-06", says: "OpenAI starts no new fine-tuning jobs." },
  {
    from: "2027-01-14",
    says: "OpenAI shuts down gpt-4o-2024-08-06, gpt-4o-mini-2024-07-18, gpt-4.1-2025-04-14 and gpt-4.1-mini-2025-04-14, and every model fine-tuned from them.",
  },
];
