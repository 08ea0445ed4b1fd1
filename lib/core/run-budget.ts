import { z } from "zod";
import { Budget, overBudget, type Spending } from "./collection";
import type { Prices } from "./ports";

/** What a whole run may spend; null is no limit. Cost is in the currency of the policy's prices. */
export const RunBudget = Budget.extend({
  maxCost: z.number().positive().max(1_000_000_000).nullable().default(null),
});
export type RunBudget = z.infer<typeof RunBudget>;

/** Which budget ended a run before its last rollout. */
export const runEndReasons = ["call_budget", "token_budget", "cost_budget"] as const;
export type RunEndReason = (typeof runEndReasons)[number];

/** How a run stands to its budget. */
export type RunSpending = Omit<Spending, "tokensSpent"> & { promptSpent: number; completionSpent: number };

/** What a run may spend, what it has spent, and which budget ended it; null while none did. */
export type RunLedger = RunSpending & {
  budget: RunBudget;
  prices: Prices | null;
  endReason: RunEndReason | null;
};

/** What tokens cost; 0 where they have no price. */
export function costOf(prices: Prices | null, promptTokens: number, completionTokens: number): number {
  if (prices === null) return 0;
  return (promptTokens * prices.promptPer1k + completionTokens * prices.completionPer1k) / 1000;
}

/**
 * Which budget one more rollout might go over; null when it may be begun. Calls are exact; tokens and cost are estimated by
 * the largest rollout so far, at the average price of what was spent. An answer is final only when nothing runs.
 * @param calls the most calls the rollout can make
 */
export function overRunBudget(
  { maxCost, ...budget }: RunBudget,
  prices: Prices | null,
  { promptSpent, completionSpent, ...spending }: RunSpending,
  calls: number,
): RunEndReason | null {
  const tokensSpent = promptSpent + completionSpent;
  const reason = overBudget(budget, { ...spending, tokensSpent }, calls);
  if (reason !== null || maxCost === null) return reason;
  const { running, largestTokens } = spending;
  const spent = costOf(prices, promptSpent, completionSpent);
  if (spent >= maxCost) return "cost_budget";
  if (largestTokens === null) return running > 0 ? "cost_budget" : null;
  const largestCost = tokensSpent === 0 ? 0 : (spent / tokensSpent) * largestTokens;
  return spent + (running + 1) * largestCost > maxCost ? "cost_budget" : null;
}

/** Whether a run is limited at all. */
export const isLimited = ({ maxCalls, maxTokens, maxCost }: RunBudget): boolean =>
  maxCalls !== null || maxTokens !== null || maxCost !== null;
