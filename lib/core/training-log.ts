import type { TrainingEventDraft } from "./training";

/** Characters of a line that are looked at; what prints longer ones prints no losses in them. */
const LONGEST_LINE = 4000;

const number = String.raw`['"]?([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)['"]?\s*[,}]`;
const valueOf = (name: string) => new RegExp(String.raw`['"]${name}['"]\s*:\s*${number}`);
/** A progress bar without a name, as the one of the training is: ` 17%|█▋        | 7/42 [00:12<00:59, 1.7s/it]`. */
const bar = /^\s*\d{1,3}%\|[^|]{0,200}\| {0,9}(\d{1,9})\/(\d{1,9}) \[/;
const fields = {
  loss: valueOf("(?:train_)?loss"),
  validLoss: valueOf("(?:eval|valid|validation)_loss"),
  step: valueOf("(?:global_)?step"),
  totalSteps: valueOf("(?:max|total)_steps"),
} as const;

export type LossLine = {
  loss: number | null;
  validLoss: number | null;
  step: number | null;
  totalSteps: number | null;
};

/**
 * The losses a trainer printed in one line: JSON, or a Python dictionary as TRL, axolotl and LLaMA-Factory print it, with
 * whatever before and after. Null where there is none. Text of a log is anybody's: only finite numbers are taken out of it.
 */
export function lossIn(line: string): LossLine | null {
  const text = line.slice(0, LONGEST_LINE);
  if (!text.includes("{") || !text.includes("loss")) return null;
  // At its end, transformers says the mean of all losses once more.
  if (text.includes("train_runtime")) return null;
  const read = (pattern: RegExp) => {
    const value = Number(pattern.exec(text)?.[1] ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const whole = (pattern: RegExp) => {
    const value = read(pattern);
    return value !== null && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : null;
  };
  const [loss, validLoss] = [read(fields.loss), read(fields.validLoss)];
  if (loss === null && validLoss === null) return null;
  return { loss, validLoss, step: whole(fields.step), totalSteps: whole(fields.totalSteps) };
}

/** Where the reading of a log stands: the last step with a loss, and what the last progress bar said, `[done, of all]`. */
export type LogPlace = { step: number; bar: [number, number] | null };

/**
 * The losses of further lines of a log as events. A loss that names no step has that of the progress bar before it, as
 * transformers prints them; without one, it is one step after the last.
 * @param lines whole lines, each with the byte it begins at
 */
export function lossEvents(
  lines: { offset: number; text: string }[],
  from: LogPlace,
  at: Date,
): { events: TrainingEventDraft[]; place: LogPlace; totalSteps: number | null } {
  const place = { ...from };
  let totalSteps: number | null = null;
  const events: TrainingEventDraft[] = [];
  for (const { offset, text } of lines) {
    place.bar = barIn(text) ?? place.bar;
    const found = lossIn(text);
    if (!found) continue;
    const { loss, validLoss } = found;
    const [done, all] = place.bar ?? [0, null];
    const byBar = found.step === null && done > place.step;
    // A loss on held-out rows is that of the step before; the bar is theirs.
    if (loss !== null) {
      place.step = found.step ?? (byBar ? done : place.step + 1);
      if (byBar) totalSteps = all;
    } else place.step = found.step ?? place.step;
    totalSteps = found.totalSteps ?? totalSteps;
    const { step } = place;
    const message = `step ${step}: ${lossWords(found)}`;
    events.push({ key: `log ${offset}`, at, level: "info", message, step, loss, validLoss });
  }
  return { events, place, totalSteps };
}

function barIn(text: string): [number, number] | null {
  const [, done, all] = bar.exec(text) ?? [];
  return done === undefined || all === undefined ? null : [Number(done), Number(all)];
}

const lossWords = ({ loss, validLoss }: LossLine): string =>
  [loss === null ? null : `loss ${loss}`, validLoss === null ? null : `validation loss ${validLoss}`]
    .filter((part) => part !== null)
    .join(", ");
