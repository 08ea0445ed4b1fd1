/**
 * `Badge`: a fact in one or two words (state, kind, count). Verdicts have their own `VerdictBadge`.
 * tone: neutral (default) · accent (going on now) · good · bad · warn. Always give it a word; an icon may stand before.
 */
import type { ReactNode } from "react";
import { cx } from "./class-names";

export type Tone = "neutral" | "accent" | "good" | "bad" | "warn";

const tones: Record<Tone, string> = {
  neutral: "border-line-strong text-ink-2",
  accent: "border-accent-line bg-accent-soft text-accent",
  good: "border-beneficial-line bg-beneficial-soft text-beneficial",
  bad: "border-harmful-line bg-harmful-soft text-harmful",
  warn: "border-undecided-line bg-undecided-soft text-undecided",
};

export function Badge({
  tone = "neutral",
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap",
        "[&_svg]:size-3",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
