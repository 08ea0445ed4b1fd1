/** `CollectionPlanNote`: what a collection would do and cost, before it is started. */
import { formatCount, plural } from "@/components/ui/numbers";

type Plan = { subtasks: number; episodes: number; maxCalls: number };

export function CollectionPlanNote({ plan, free }: { plan: Plan; free: boolean }) {
  return (
    <div className="flex flex-col gap-2 text-sm" aria-live="polite">
      <p className="text-lg font-semibold">
        {plural(plan.episodes, "episode")}, at most {plural(plan.maxCalls, "call")}
      </p>
      <p className="text-ink-2">
        {free
          ? "This policy is built in: it needs no model and costs nothing."
          : "Every call goes to the policy’s endpoint; what it costs depends on that model."}
      </p>
      <p className="text-ink-2">
        On {plural(plan.subtasks, "subtask")}
        {plan.episodes > plan.subtasks
          ? `, each played ${formatCount(plan.episodes / plan.subtasks)} times`
          : ""}
        . What is played is stored as ordinary trajectories, solved or not. Nothing is spent before you start,
        and a collection can be stopped at any time: what it recorded stays.
      </p>
    </div>
  );
}
