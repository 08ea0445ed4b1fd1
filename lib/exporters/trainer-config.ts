import { AppError } from "@/lib/core/errors";
import type { Kit } from "@/lib/core/ports";
import type { TrainingSettings } from "@/lib/core/training-settings";

/** What a trainer calls what a training may ask of it. */
type Names = Record<"model" | "epochs" | "batchSize" | "learningRate" | "seed", string>;
/** As most of them do; rows are as long as they are, so that a batch is gathered from single ones. */
export const usualNames: Names = {
  model: "model",
  epochs: "num_train_epochs",
  batchSize: "gradient_accumulation_steps",
  learningRate: "learning_rate",
  seed: "seed",
};
/** A setting of ours that a training may ask for otherwise, as YAML, and why it is what it is. */
export type Usual = [key: string, value: string | number, note?: string];

/**
 * A trainer's YAML: what makes the mask and the data real, then our usual settings with what a training asks for in their place.
 * @param fixed YAML whose top-level keys nobody may ask for otherwise
 * @throws AppError invalid_input for one that is asked for
 */
export function trainerConfig(
  { settings }: Pick<Kit, "settings">,
  fixed: string,
  usual: Usual[],
  names: Names,
) {
  const asked = settings === null ? new Map<string, string>() : askedIn(settings, names);
  for (const [, key = ""] of fixed.matchAll(/^(\w+):/gm))
    if (asked.has(key))
      throw new AppError(
        "invalid_input",
        `“${key}” is part of what makes this folder train what was approved`,
        {
          fix: "take it out of the further hyperparameters",
        },
      );
  const ours = usual.map(([key, value, note]) =>
    asked.has(key) ? [key, asked.get(key)] : [key, note === undefined ? value : `${value} # ${note}`],
  );
  const more = [...asked].filter(([key]) => !usual.some(([known]) => known === key));
  return fixed + [...ours, ...more].map(([key, value]) => `${key}: ${value}\n`).join("");
}

function askedIn({ model, epochs, batchSize, learningRate, seed, extra }: TrainingSettings, names: Names) {
  const known = [
    [names.model, model],
    [names.epochs, epochs],
    [names.batchSize, batchSize],
    [names.learningRate, learningRate],
    [names.seed, seed],
  ] as const;
  const given = [...known, ...Object.entries(extra)];
  return new Map(given.flatMap(([key, value]) => (value === null ? [] : [[key, yamlOf(value)]])));
}

/** Values of a nested configuration, as YAML; a seed only where one is asked for. */
type Chosen = Record<"model" | "epochs" | "learningRate", string> & { seed: string | null };

/**
 * What a training asks for, and ours where it asks nothing, for trainers whose settings have no names of one word.
 * @throws AppError invalid_input for further hyperparameters: there is no place known for them
 */
export function chosenFor(
  { settings }: Pick<Kit, "settings">,
  ours: Record<"model" | "epochs" | "learningRate", string | number>,
): Chosen {
  const [further] = Object.keys(settings?.extra ?? {});
  if (further !== undefined)
    throw new AppError("invalid_input", `“${further}” has no place in this trainer's configuration`, {
      fix: "take it out of the further hyperparameters, and put it where the command reads it",
    });
  const { epochs, learningRate, seed } = settings ?? {};
  return {
    model: settings ? yamlOf(settings.model) : String(ours.model),
    epochs: yamlOf(epochs ?? Number(ours.epochs)),
    learningRate: learningRate == null ? String(ours.learningRate) : yamlOf(learningRate),
    seed: seed == null ? null : yamlOf(seed),
  };
}

/** Text in JSON's quotes is text in YAML as well; 2e-7 is text there, and 2.0e-7 a number. */
function yamlOf(value: string | number | boolean): string {
  const text = JSON.stringify(value);
  return typeof value === "number" ? text.replace(/^(-?\d+)e/, "$1.0e") : text;
}

/**
 * The template of our usual model, where a training begins with a model of its kind or names the template itself: a model
 * trained on another's template would not know its own turns.
 * @throws AppError invalid_input where it is not known
 */
export function templateFor({ settings }: Pick<Kit, "settings">, usual: string): string {
  if (settings === null || settings.extra["template"] !== undefined || /qwen/i.test(settings.model))
    return usual;
  throw new AppError("invalid_input", `which chat template “${settings.model}” has is not known`, {
    fix: `name it under further hyperparameters as this trainer calls it: template = ${usual}`,
  });
}
