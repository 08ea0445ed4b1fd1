/**
 * `ProgressBar`: parts of a total, e.g. done and errored of all. `label` names it for screen readers; parts are drawn in
 * order, what is left stays empty.
 *   <ProgressBar label="Rollouts" total={120} parts={[{ count: 80, tone: "accent", word: "done" }]} />
 */
import { cx } from "./class-names";

export type ProgressPart = { count: number; tone: "accent" | "good" | "bad" | "neutral"; word: string };

const fills = {
  accent: "bg-accent",
  good: "bg-beneficial-fill",
  bad: "bg-harmful-fill",
  neutral: "bg-redundant-fill",
} as const;

export function ProgressBar({
  label,
  total,
  parts,
}: {
  label: string;
  total: number;
  parts: ProgressPart[];
}) {
  const done = parts.reduce((sum, part) => sum + part.count, 0);
  const words = parts.map((part) => `${part.count} ${part.word}`).join(", ");
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(done, total)}
      aria-valuetext={`${words} of ${total}`}
      title={`${words} of ${total}`}
      className="flex h-1.5 w-full gap-px overflow-hidden rounded-full bg-hover"
    >
      {parts.map((part) => (
        <span
          key={part.word}
          className={cx("transition-[width] duration-300", fills[part.tone])}
          style={{ width: total > 0 ? `${(100 * part.count) / total}%` : 0 }}
        />
      ))}
    </div>
  );
}
