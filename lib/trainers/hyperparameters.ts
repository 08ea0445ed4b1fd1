import type { TrainingSettings } from "@/lib/core/training-settings";

export const hyperparameterStyles = ["method", "top-level"] as const;
export const learningRates = ["multiplier", "rate"] as const;

type Style = {
  hyperparameterStyle: (typeof hyperparameterStyles)[number];
  learningRate: (typeof learningRates)[number];
};

/** The part of a request that says how to train; nothing where all is left to the provider. Source: formats.md, 3. */
export function hyperparametersIn(style: Style, settings: TrainingSettings): Record<string, unknown> {
  const { epochs, batchSize, learningRate, extra } = settings;
  const rate = style.learningRate === "multiplier" ? "learning_rate_multiplier" : "learning_rate";
  const hyperparameters = {
    ...(epochs === null ? {} : { n_epochs: epochs }),
    ...(batchSize === null ? {} : { batch_size: batchSize }),
    ...(learningRate === null ? {} : { [rate]: learningRate }),
    ...extra,
  };
  const given = Object.keys(hyperparameters).length > 0;
  if (style.hyperparameterStyle === "top-level") return given ? { hyperparameters } : {};
  return { method: { type: "supervised", supervised: given ? { hyperparameters } : {} } };
}
