import type { TrainingEventDraft } from "./training";

/** Characters of a line that are looked at; what prints longer ones prints no losses in them. */
const LONGEST_LINE = 4000;

const number = String.raw`['"]?([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)['"]?\s*[,}]`;
const valueOf = (name: string) => new RegExp(String.raw`['"]${name}['"]\s*:\s*${number}`);
/** How far a progress bar has come that stands right before the losses, as tqdm writes it: `7/42 [00:12<00:59, 1.7s/it]`. */
const bar = /(\d{1,9})\/(\d{1,9}) \[[^\]{]{0,80}\] *\{/;
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
 * whatever before and after; the step is its own or that of the progress bar before it. Null where there is none. Text of a log is anybody's: only finite numbers are taken out of it.
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
  const [step, totalSteps] = [whole(fields.step), whole(fields.totalSteps)];
  // Before a loss on held-out rows stands the bar of these rows.
  const [, done, all] = (step === null && loss !== null && bar.exec(text)) || [];
  if (done === undefined || all === undefined) return { loss, validLoss, step, totalSteps };
  return { loss, validLoss, step: Number(done), totalSteps: totalSteps ?? Number(all) };
}

/** How far a log has been read: the next byte, and the last step that was seen. */
export type LogPlace = { offset: number; step: number };

/**
 * The losses of further lines of a log as events. A loss without a step is one step after the last.
 * @param lines whole lines, each with the byte it begins at
 */
export function lossEvents(
  lines: { offset: number; text: string }[],
  from: number,
  at: Date,
): { events: TrainingEventDraft[]; step: number; totalSteps: number | null } {
  let step = from;
  let totalSteps: number | null = null;
  const events: TrainingEventDraft[] = [];
  for (const { offset, text } of lines) {
    const found = lossIn(text);
    if (!found) continue;
    const { loss, validLoss } = found;
    step = found.step ?? (loss === null ? step : step + 1);
    totalSteps = found.totalSteps ?? totalSteps;
    const said = [
      loss === null ? null : `loss ${loss}`,
      validLoss === null ? null : `validation loss ${validLoss}`,
    ];
    const message = `step ${step}: ${said.filter((part) => part !== null).join(", ")}`;
    events.push({ key: `log ${offset}`, at, level: "info", message, step, loss, validLoss });
  }
  return { events, step, totalSteps };
}
