import type { EndpointRow } from "./endpoint";
import type { RunFault, RunProgress, RunRow } from "./rows";
import { costOf } from "./run-budget";

/** What holds a run up or ended it early, why, and what to do about it. */
export type RunCondition = {
  /** `waiting` goes on by itself once the reason is gone; the others when somebody says so. */
  kind: "waiting" | "failed" | "budget" | "broken";
  reason: string;
  fix: string;
};

type Known = {
  run: Pick<RunRow, "state" | "error" | "endReason" | "budget" | "prices">;
  progress: RunProgress;
  errors: RunFault[];
  endpoint: EndpointRow | null;
};

/** What is to be said of a run before anything else; null where all is well. */
export function conditionOf({ run, progress, errors, endpoint }: Known): RunCondition | null {
  if (run.state === "failed")
    return {
      kind: "failed",
      reason: run.error ?? "the run was stopped",
      fix: "Put it right, then go on: what was found stays, and no recorded step is repeated.",
    };
  if (run.endReason !== null) return outOfBudget(run, progress);
  const live = run.state === "queued" || run.state === "running";
  if (live && endpoint && endpoint.breaker !== "closed")
    return {
      kind: "waiting",
      reason: `${endpoint.model} at ${endpoint.baseURL} does not answer (${endpoint.reason}). Rollouts wait with what they have; nothing is counted against the agent.`,
      fix: "Start the server: it is tried again by itself. If the address is wrong, stop the run and correct the policy.",
    };
  const [worst] = errors;
  if (run.state === "done" && worst && progress.rollouts.completed === 0)
    return {
      kind: "broken",
      reason: `no rollout gave evidence: all ${progress.rollouts.errored} broke, most of them so: ${worst.message}`,
      fix: "Put right what broke them, then try them again.",
    };
  return null;
}

function outOfBudget(run: Known["run"], { calls, promptTokens, completionTokens, rollouts }: RunProgress) {
  const { maxCalls, maxTokens, maxCost } = run.budget;
  const tokens = promptTokens + completionTokens;
  const spent = {
    call_budget: `${calls} of ${maxCalls ?? calls} calls`,
    token_budget: `${tokens} of ${maxTokens ?? tokens} tokens`,
    cost_budget: `${costOf(run.prices, promptTokens, completionTokens).toFixed(2)} of ${maxCost ?? 0} money`,
  }[run.endReason ?? "call_budget"];
  return {
    kind: "budget" as const,
    reason: `the budget is used up: ${spent} are spent, and one more rollout might go over it. ${rollouts.cancelled} rollouts were not made.`,
    fix: "What was found stays. Allow more to go on with the rest.",
  };
}
