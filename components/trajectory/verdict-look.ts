/**
 * How each verdict looks and is called, in one place. `verdictLook(verdict, recovery)` → word, icon, classes.
 *   word   what people read · icon  lucide component, always beside the word · text/soft/line/fill  token classes
 * Recovery is beneficial with its own icon and word, never its own colour.
 */
import { Ban, Check, CircleHelp, Minus, RotateCcw, X, type LucideIcon } from "lucide-react";
import type { Verdict } from "@/lib/core/verdict";

export type VerdictLook = {
  word: string;
  /** What it means, for tooltips. */
  meaning: string;
  icon: LucideIcon;
  text: string;
  soft: string;
  line: string;
  fill: string;
  /** CSS colour for charts. */
  color: string;
};

const looks: Record<Verdict | "recovery", VerdictLook> = {
  beneficial: {
    word: "beneficial",
    meaning: "carries the agent from a state it fails from to one it succeeds from",
    icon: Check,
    text: "text-beneficial",
    soft: "bg-beneficial-soft",
    line: "border-beneficial-line",
    fill: "bg-beneficial-fill",
    color: "var(--beneficial-fill)",
  },
  recovery: {
    word: "recovery",
    meaning: "beneficial, and leads out of a state the expert's own harmful actions led into",
    icon: RotateCcw,
    text: "text-beneficial",
    soft: "bg-beneficial-soft",
    line: "border-beneficial-line",
    fill: "bg-beneficial-fill",
    color: "var(--beneficial-fill)",
  },
  harmful: {
    word: "harmful",
    meaning: "the agent could solve the subtask before it and not after",
    icon: X,
    text: "text-harmful",
    soft: "bg-harmful-soft",
    line: "border-harmful-line",
    fill: "bg-harmful-fill",
    color: "var(--harmful-fill)",
  },
  redundant: {
    word: "redundant",
    meaning: "the agent manages without it",
    icon: Minus,
    text: "text-redundant",
    soft: "bg-redundant-soft",
    line: "border-redundant-line",
    fill: "bg-redundant-fill",
    color: "var(--redundant-fill)",
  },
  dead_end: {
    word: "dead end",
    meaning: "no way back was found from here",
    icon: Ban,
    text: "text-dead-end",
    soft: "bg-dead-end-soft",
    line: "border-dead-end-line",
    fill: "bg-dead-end-fill",
    color: "var(--dead-end-fill)",
  },
  undecided: {
    word: "undecided",
    meaning: "evidence is missing, or not strong enough",
    icon: CircleHelp,
    text: "text-undecided",
    soft: "bg-undecided-soft",
    line: "border-dashed border-undecided-line",
    fill: "hatch-undecided",
    color: "var(--undecided-fill)",
  },
};

export function verdictLook(verdict: Verdict, recovery: boolean): VerdictLook {
  return looks[verdict === "beneficial" && recovery ? "recovery" : verdict];
}
