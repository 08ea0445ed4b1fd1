/** How a strategy's word on an action looks and is called: `strategyLook(step)` → word, icon (always beside the word), class. */
import { Check, CircleHelp, Minus, X, type LucideIcon } from "lucide-react";
import type { StepCall } from "@/lib/core/strategies/strategy";

export type StrategyLook = { word: string; icon: LucideIcon; text: string };

const looks: Record<StepCall["call"] | "aside", StrategyLook> = {
  train: { word: "train", icon: Check, text: "text-beneficial" },
  exclude: { word: "exclude", icon: X, text: "text-ink-2" },
  undecided: { word: "undecided", icon: CircleHelp, text: "text-undecided" },
  aside: { word: "not considered", icon: Minus, text: "text-ink-3" },
};

export const strategyLook = ({ call, considered }: Pick<StepCall, "call" | "considered">): StrategyLook =>
  looks[considered ? call : "aside"];
