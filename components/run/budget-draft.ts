import type { RunBudget } from "@/lib/core/run-budget";
import { limitIn } from "@/components/ui/limit-field";

/** What a run may spend, as it is typed in; an empty limit is none. */
export type BudgetDraft = Record<keyof RunBudget, string>;

export const budgetRanges = {
  maxCalls: { min: 1, max: 2_000_000_000, step: 1 },
  maxTokens: { min: 1, max: 1_000_000_000_000, step: 1 },
  maxCost: { min: 0.01, max: 1_000_000_000, step: 0.01 },
} as const;

export const noBudget: BudgetDraft = { maxCalls: "", maxTokens: "", maxCost: "" };

/** A budget as it is typed in, or null while a number is wrong. */
export function runBudgetOf(draft: BudgetDraft): RunBudget | null {
  const maxCalls = limitIn(draft.maxCalls, budgetRanges.maxCalls);
  const maxTokens = limitIn(draft.maxTokens, budgetRanges.maxTokens);
  const maxCost = limitIn(draft.maxCost, budgetRanges.maxCost);
  if (maxCalls === undefined || maxTokens === undefined || maxCost === undefined) return null;
  return { maxCalls, maxTokens, maxCost };
}

/** Twice what was allowed, to begin with. */
export function doubled({ maxCalls, maxTokens, maxCost }: RunBudget): BudgetDraft {
  const twice = (limit: number | null) => (limit === null ? "" : String(limit * 2));
  return { maxCalls: twice(maxCalls), maxTokens: twice(maxTokens), maxCost: twice(maxCost) };
}
