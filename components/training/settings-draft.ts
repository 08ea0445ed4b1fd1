import type { TrainingSettings } from "@/lib/core/training-settings";
import { limitIn } from "@/components/ui/limit-field";

/** How a dataset is to be trained on, as it is typed in; an empty number is left to the provider. */
export type SettingsDraft = {
  model: string;
  suffix: string;
  seed: string;
  epochs: string;
  batchSize: string;
  learningRate: string;
  /** Further hyperparameters, one `name = value` per line. */
  extra: string;
};

export const emptySettings: SettingsDraft = {
  model: "",
  suffix: "",
  seed: "",
  epochs: "",
  batchSize: "",
  learningRate: "",
  extra: "",
};

export const ranges = {
  seed: { min: 0, max: 2 ** 31 - 1, step: 1 },
  epochs: { min: 1, max: 100, step: 1 },
  batchSize: { min: 1, max: 4096, step: 1 },
  learningRate: { min: 1e-9, max: 1000, step: 0.000001 },
} as const;

export const suffixIsRight = (suffix: string): boolean =>
  suffix.trim() === "" || /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(suffix.trim());

/** The further hyperparameters in a text; null while a line is wrong. Numbers and true/false are what they say. */
export function extraIn(text: string): TrainingSettings["extra"] | null {
  const extra: TrainingSettings["extra"] = {};
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const [, name = "", value = ""] = /^\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*=\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (name === "" || value.length > 200) return null;
    const number = Number(value);
    extra[name] =
      value === "true" || value === "false" ? value === "true" : Number.isFinite(number) ? number : value;
  }
  return Object.keys(extra).length > 20 ? null : extra;
}

/** The settings a draft means; null while something is wrong. */
export function settingsIn(draft: SettingsDraft): TrainingSettings | null {
  const seed = limitIn(draft.seed, ranges.seed);
  const epochs = limitIn(draft.epochs, ranges.epochs);
  const batchSize = limitIn(draft.batchSize, ranges.batchSize);
  const learningRate = limitIn(draft.learningRate, ranges.learningRate);
  const extra = extraIn(draft.extra);
  const model = draft.model.trim();
  if (model === "" || model.length > 200 || !suffixIsRight(draft.suffix) || extra === null) return null;
  if (seed === undefined || epochs === undefined || batchSize === undefined || learningRate === undefined)
    return null;
  return { model, suffix: draft.suffix.trim() || null, seed, epochs, batchSize, learningRate, extra };
}
