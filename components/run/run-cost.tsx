/** `RunCost`: what did the run cost so far, what will it have cost, and how does that stand to its budget? */
import { projectCost, spentBy, type Amount } from "@/lib/core/project";
import type { RunProgress, RunRow } from "@/lib/core/rows";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatMoney, formatTokens, plural } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { isLive } from "./run-words";

type Props = { run: RunRow; progress: RunProgress; free: boolean };

export function RunCost({ run, progress, free }: Props) {
  const { promptTokens, completionTokens, rollouts } = progress;
  const spent = spentBy(run, progress);
  const ahead = isLive(run.state) ? projectCost(run, progress) : null;
  const note = (words: (amount: Amount) => string | null) =>
    ahead ? `about ${words(ahead.about)} in all, at most ${words(ahead.most)}` : undefined;
  const perSuccess = rollouts.succeeded === 0 ? null : spent.calls / rollouts.succeeded;
  return (
    <Section
      title="What does it cost?"
      note={free ? "the agent is built in: its calls ask no model and cost nothing" : undefined}
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-x-12 gap-y-4">
          <Stat
            name="Calls"
            value={formatCount(spent.calls)}
            note={note(({ calls }) => formatCount(calls)) ?? `for ${plural(rollouts.completed, "rollout")}`}
          />
          <Stat
            name="Tokens"
            value={formatTokens(spent.tokens)}
            note={
              note(({ tokens }) => formatTokens(Math.round(tokens))) ??
              `${formatTokens(promptTokens)} in, ${formatTokens(completionTokens)} out`
            }
          />
          {spent.money === null ? null : (
            <Stat
              name="Money"
              value={formatMoney(spent.money)}
              note={note(({ money }) => formatMoney(money ?? 0)) ?? "in the currency of the policy’s prices"}
            />
          )}
          <Stat
            name="Calls per success"
            value={perSuccess === null ? "–" : formatCount(perSuccess)}
            note={`${formatCount(rollouts.succeeded)} of ${plural(rollouts.completed, "rollout")} solved`}
          />
        </div>
        {ahead ? (
          <p className="text-xs text-ink-2">
            About: what is left takes what the rollouts so far took. At most: every rollout that can still be
            planned uses all its steps{spent.tokens > 0 ? ", at the average tokens of a call so far" : ""}.
          </p>
        ) : null}
        <BudgetBars run={run} spent={spent} />
      </div>
    </Section>
  );
}

function BudgetBars({ run, spent }: { run: RunRow; spent: Amount }) {
  const { maxCalls, maxTokens, maxCost } = run.budget;
  const limits = [
    { name: "calls", used: spent.calls, limit: maxCalls, format: formatCount },
    { name: "tokens", used: spent.tokens, limit: maxTokens, format: formatTokens },
    { name: "money", used: spent.money ?? 0, limit: maxCost, format: formatMoney },
  ];
  return limits.map(({ name, used, limit, format }) =>
    limit === null ? null : (
      <div key={name} className="flex max-w-[60ch] flex-col gap-1">
        <p className="flex justify-between text-sm">
          <span>Budget of {name}</span>
          <span className="text-ink-2">
            {format(used)} of {format(limit)}
          </span>
        </p>
        <ProgressBar
          label={`Budget of ${name}`}
          total={limit}
          parts={[
            { count: Math.min(used, limit), tone: used >= limit * 0.9 ? "bad" : "accent", word: "spent" },
          ]}
        />
      </div>
    ),
  );
}
