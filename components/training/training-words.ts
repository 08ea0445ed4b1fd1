import type { TrainingKind, TrainingState } from "@/lib/core/training";
import type { TrainingRow } from "@/lib/core/training-store";
import type { Tone } from "@/components/ui/badge";

const words: Record<TrainingState, { word: string; tone: Tone }> = {
  queued: { word: "queued", tone: "neutral" },
  uploading: { word: "handing over", tone: "accent" },
  running: { word: "training", tone: "accent" },
  succeeded: { word: "trained", tone: "good" },
  failed: { word: "failed", tone: "bad" },
  cancelled: { word: "cancelled", tone: "neutral" },
};

/** Where a training stands. A folder that was only written has trained nothing. */
export function stateWords(training: Pick<TrainingRow, "state" | "phase" | "checkpoint" | "cancelAsked">): {
  word: string;
  tone: Tone;
} {
  const { state, phase, checkpoint, cancelAsked } = training;
  if (state === "succeeded" && checkpoint === null && phase === "folder written")
    return { word: "folder written", tone: "good" };
  if (cancelAsked && (state === "uploading" || state === "running")) return { word: "ending", tone: "warn" };
  return words[state];
}

export const kindWords: Record<TrainingKind, string> = {
  openai: "service",
  together: "Together",
  fireworks: "Fireworks",
  command: "this machine",
};

/** How a dataset is trained on, in a line; what nobody chose is left out. */
export function settingsWords({ settings }: Pick<TrainingRow, "settings">): string {
  const { epochs, batchSize, learningRate, seed, suffix, extra } = settings;
  const said = [
    epochs === null ? null : `${epochs} epochs`,
    batchSize === null ? null : `batch ${batchSize}`,
    learningRate === null ? null : `learning rate ${learningRate}`,
    seed === null ? null : `seed ${seed}`,
    suffix === null ? null : `suffix ${suffix}`,
    ...Object.entries(extra).map(([name, value]) => `${name} ${String(value)}`),
  ].filter((part) => part !== null);
  return said.length === 0 ? "left to the provider" : said.join(", ");
}
