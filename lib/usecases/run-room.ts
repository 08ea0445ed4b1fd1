import { AppError } from "@/lib/core/errors";
import type { Prices } from "@/lib/core/ports";
import { costOf, overRunBudget, type RunBudget, type RunSpending } from "@/lib/core/run-budget";

/** A run that has not begun. */
export const unspent: RunSpending = {
  callsCommitted: 0,
  promptSpent: 0,
  completionSpent: 0,
  largestTokens: null,
  running: 0,
};

/** @throws AppError invalid_input for a budget under which no rollout could be begun */
export function demandRoom(
  budget: RunBudget,
  prices: Prices | null,
  spending: RunSpending,
  maxSteps: number,
): void {
  if (budget.maxCost !== null && prices === null)
    throw new AppError("invalid_input", "the agent's tokens have no prices, so the cost cannot be limited", {
      fix: "limit calls or tokens, or start a new run with a policy that has prices",
    });
  const over = overRunBudget(budget, prices, { ...spending, running: 0 }, maxSteps);
  if (over === null) return;
  const { callsCommitted, promptSpent, completionSpent } = spending;
  const tokens = promptSpent + completionSpent;
  const fix = {
    call_budget: `${callsCommitted} are spent and a rollout may need ${maxSteps}: allow at least ${callsCommitted + maxSteps} calls, or set no limit`,
    token_budget: `${tokens} tokens are spent, and the largest rollout took ${spending.largestTokens ?? 0}: allow more`,
    cost_budget: `${costOf(prices, promptSpent, completionSpent).toFixed(2)} are spent: allow more`,
  }[over];
  throw new AppError("invalid_input", `this ${over.replace("_", " ")} does not allow one more rollout`, {
    fix,
  });
}
