/** `StrategyWords`: what each strategy says of one action, its value and reason, what that rests on, and whom it contradicts. */
import type { StrategyRow } from "@/lib/core/review-rows";
import { sidesOf, type Disagreement } from "@/lib/core/strategies/disagree";
import type { StrategyName } from "@/lib/core/strategies/strategy";
import { cx } from "@/components/ui/class-names";
import { strategyLook } from "./strategy-look";
import { VisibleText } from "./text-block";

export function StrategyWords(props: {
  strategies: StrategyRow[];
  disagreements: Disagreement[];
  stepIndex: number;
}) {
  const { strategies, disagreements, stepIndex } = props;
  const here = disagreements.filter(({ steps }) => steps.includes(stepIndex));
  const against = (name: StrategyName) =>
    here
      .flatMap(({ pair }) => {
        const sides = sidesOf(pair);
        return sides.includes(name) ? sides.filter((side) => side !== name) : [];
      })
      .map((other) => strategies.find((each) => each.name === other)?.label ?? other);
  return (
    <dl className="grid grid-cols-[52px_1fr] gap-x-3 gap-y-2 text-sm">
      {strategies.map(({ name, label, about, level, said: all, note }) => {
        const said = all.find(({ from, to }) => from <= stepIndex && stepIndex < to);
        return said ? (
          <div key={name} className="contents">
            <dt className="font-medium text-ink" title={about}>
              {label}
            </dt>
            <dd className="min-w-0">
              <SaidLine said={said} against={against(name)} />
              <p className="text-xs text-ink-2">
                <VisibleText text={said.reason} />
                {note ? ` ${note}` : ""}
              </p>
              <p className="text-xs text-ink-3">{level}</p>
            </dd>
          </div>
        ) : null;
      })}
    </dl>
  );
}

function SaidLine({ said, against }: { said: StrategyRow["said"][number]; against: string[] }) {
  const look = strategyLook(said);
  const Icon = look.icon;
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <span className={cx("inline-flex items-center gap-1 font-medium", look.text)}>
        <Icon aria-hidden className="size-3.5" />
        {look.word}
      </span>
      {said.value ? (
        <span className="text-ink-2 tabular-nums">
          {said.value.before.toFixed(2)} → {said.value.after.toFixed(2)}
        </span>
      ) : null}
      {against.length > 0 ? (
        <span className="rounded-sm border border-line-strong px-1 text-xs text-ink">
          ≠ disagrees with {against.join(" and ")}
        </span>
      ) : null}
    </p>
  );
}
