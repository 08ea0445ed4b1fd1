/** `StrategyGrid`: what every strategy says of every action, one column per action; columns where two disagree are marked. */
import type { StrategyRow } from "@/lib/core/review-rows";
import type { Disagreement } from "@/lib/core/strategies/disagree";
import { cx } from "@/components/ui/class-names";
import { strategyLook } from "./strategy-look";

export function StrategyGrid(props: {
  strategies: StrategyRow[];
  disagreements: Disagreement[];
  selected: number;
  onSelect: (stepIndex: number) => void;
}) {
  const { strategies, disagreements, selected, onSelect } = props;
  const disputed = new Set(disagreements.flatMap(({ steps }) => steps));
  const steps = strategies[0]?.steps ?? [];
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Strategies, all actions">
      <table className="border-separate border-spacing-0 text-xs">
        <caption className="sr-only">What each strategy says of each action; ≠ where two disagree</caption>
        <thead>
          <tr>
            <td />
            {steps.map(({ stepIndex }) => (
              <th key={stepIndex} scope="col" aria-current={stepIndex === selected ? "step" : undefined}>
                <button
                  type="button"
                  aria-label={`Go to step ${stepIndex}${disputed.has(stepIndex) ? ", strategies disagree" : ""}`}
                  onClick={() => onSelect(stepIndex)}
                  className={cx(
                    "flex h-9 w-6 flex-col items-center justify-center rounded-sm font-normal hover:bg-hover",
                    stepIndex === selected ? "bg-hover font-semibold text-ink" : "text-ink-3",
                  )}
                >
                  {stepIndex}
                  <span aria-hidden className="h-3 leading-3 font-semibold text-ink">
                    {disputed.has(stepIndex) ? "≠" : ""}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {strategies.map(({ name, label, about, steps: said }) => (
            <tr key={name}>
              <th scope="row" title={about} className="pr-2 text-left font-medium text-ink">
                {label}
              </th>
              {said.map((each) => {
                const look = strategyLook(each);
                const Icon = look.icon;
                return (
                  <td
                    key={each.stepIndex}
                    title={`${look.word}: ${each.reason}`}
                    className={cx("h-6", each.stepIndex === selected && "bg-hover")}
                  >
                    <Icon aria-hidden className={cx("mx-auto size-3.5", look.text)} />
                    <span className="sr-only">{look.word}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
