import type { Exporter, ExportShape, Truncation } from "./ports";

/** Which training run a file is, for people (formats.md 2.4). */
export const shapeWords: Record<ExportShape, { word: string; meaning: string }> = {
  masked: {
    word: "masked rows",
    meaning:
      "One row per example with a flag on every turn: one pass over it, the loss averaged over all its trained tokens.",
  },
  exploded: {
    word: "exploded rows",
    meaning:
      "One row per trained turn, everything before it as context. Another training run than masked rows: a long example counts once per trained turn and is read once per trained turn.",
  },
  pairs: {
    word: "preference pairs",
    meaning: "One row per fork: an action that won and one that lost there.",
  },
  labels: { word: "labelled actions", meaning: "Actions with a label, good or bad, instead of a mask." },
  table: { word: "table", meaning: "One row per action. Nothing is trained on it." },
  view: { word: "for reading", meaning: "Whole conversations. Nothing is trained on it." },
};

/** Groups of the picker, in its order. */
export const exportFamilies = [
  "hosted",
  "trainer",
  "preference",
  "view",
] as const satisfies Exporter["family"][];

/** What people call them. */
export const familyWords: Record<Exporter["family"], string> = {
  hosted: "Hosted APIs",
  trainer: "Trainers",
  preference: "Preference and reward data",
  view: "View and tables",
};

/** A trainer's default for long rows as a warning. */
export function truncationSentence({ tokens, does, setting }: Truncation): string {
  return `By default it ${does} beyond ${tokens.toLocaleString("en-US")} tokens, trained turns included: ${setting}.`;
}
