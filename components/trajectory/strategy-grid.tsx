/**
 * `StrategyGrid`: what every strategy says of every action, one column per stretch of actions that all say the same of; columns where two
 * disagree are marked.
 */
import type { StrategyRow, Stretch } from "@/lib/core/review-rows";
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
  const starts = [...new Set(strategies.flatMap(({ said }) => said.map(({ from }) => from)))].sort(
    (a, b) => a - b,
  );
  const end = strategies[0]?.said.at(-1)?.to ?? 0;
  const columns = starts.map((from, i) => ({ from, to: starts[i + 1] ?? end }));
  const isHere = ({ from, to }: Stretch) => from <= selected && selected < to;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Strategies, all actions">
      <table className="border-separate border-spacing-0 text-xs">
        <caption className="sr-only">What each strategy says of each action; ≠ where two disagree</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column.from} scope="col" aria-current={isHere(column) ? "step" : undefined}>
                <button
                  type="button"
                  aria-label={`Go to step ${column.from}${disputed.has(column.from) ? ", strategies disagree" : ""}`}
                  onClick={() => onSelect(column.from)}
                  className={cx(
                    "flex h-9 min-w-6 flex-col items-center justify-center rounded-sm px-0.5 font-normal hover:bg-hover",
                    isHere(column) ? "bg-hover font-semibold text-ink" : "text-ink-3",
                  )}
                >
                  {stretchWords(column)}
                  <span aria-hidden className="h-3 leading-3 font-semibold text-ink">
                    {disputed.has(column.from) ? "≠" : ""}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {strategies.map(({ name, label, about, said }) => (
            <tr key={name}>
              <th scope="row" title={about} className="pr-2 text-left font-medium text-ink">
                {label}
              </th>
              {columns.map((column) => (
                <Cell
                  key={column.from}
                  said={said.find(({ from, to }) => from <= column.from && column.from < to)}
                  here={isHere(column)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ said, here }: { said: StrategyRow["said"][number] | undefined; here: boolean }) {
  if (!said) return <td />;
  const look = strategyLook(said);
  const Icon = look.icon;
  return (
    <td title={`${look.word}: ${said.reason}`} className={cx("h-6", here && "bg-hover")}>
      <Icon aria-hidden className={cx("mx-auto size-3.5", look.text)} />
      <span className="sr-only">{look.word}</span>
    </td>
  );
}

const stretchWords = ({ from, to }: Stretch) => (to - from > 1 ? `${from}–${to - 1}` : String(from));
