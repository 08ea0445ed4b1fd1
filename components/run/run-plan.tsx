/** `RunPlanNote`: what a run would do and cost, before it is started. */
import type { Cost } from "@/lib/core/cost";
import type { RunBudget } from "@/lib/core/run-budget";
import { formatCount, plural } from "@/components/ui/numbers";

type Plan = Cost & { trajectories: number; skipped: number; assumption: string };

type Props = { plan: Plan; budget: RunBudget | null; free: boolean };

export function RunPlanNote({ plan, budget, free }: Props) {
  const cap = budget?.maxCalls ?? Infinity;
  return (
    <div className="flex flex-col gap-2 text-sm" aria-live="polite">
      <p className="text-lg font-semibold">
        About {plural(Math.min(plan.calls, cap), "model call")}, at most{" "}
        {formatCount(Math.min(plan.maxCalls, cap))}
      </p>
      <p className="text-ink-2">
        {plan.rollouts === plan.maxRollouts
          ? `In ${plural(plan.rollouts, "rollout")}.`
          : `In about ${plural(plan.rollouts, "rollout")}, at most ${formatCount(plan.maxRollouts)}: how many it takes depends on what they find.`}{" "}
        {plan.assumption}
      </p>
      {plan.calls > cap ? (
        <p className="text-ink-2">
          The budget ends it early: without one it would take about {plural(plan.calls, "call")}.
        </p>
      ) : null}
      <p className="text-ink-2">
        {free
          ? "This agent is built in: it needs no model and costs nothing."
          : "Every call goes to the policy’s endpoint; what it costs depends on that model."}
      </p>
      <p className="text-ink-2">
        On {plural(plan.trajectories, "failed expert trajectory", "failed expert trajectories")}
        {plan.skipped > 0
          ? `; ${formatCount(plan.skipped)} chosen ${plan.skipped === 1 ? "one is" : "ones are"} left out, because only expert failures are mined`
          : ""}
        . Nothing is spent before you start, and a run can be stopped at any time: what it found stays.
      </p>
    </div>
  );
}
