"use client";
/**
 * `SuccessByState`: from which states can the agent solve this? Points with 95 % Wilson intervals over the states, the
 * verdict of every segment as a band behind. It is also the map: a click on a point or a band goes there. Under two
 * probed states it is a sentence, not a chart. Screen readers get the same as a table.
 */
import {
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  XAxis,
  YAxis,
} from "recharts";
import type { StepRow, TallyRow } from "@/lib/core/review-rows";
import { verdictLook } from "@/components/trajectory/verdict-look";
import { tallyWords } from "@/components/trajectory/evidence-bar";
import { bandsOf } from "@/components/trajectory/verdict-bands";
import { pointsOf, type Point } from "./success-points";

type Props = {
  states: TallyRow[];
  steps: Pick<StepRow, "stepIndex" | "verdict" | "recovery">[];
  /** The state where the selected step acts. */
  selected: number;
  onSelect: (stateIndex: number) => void;
};

export function SuccessByState({ states, steps, selected, onSelect }: Props) {
  const points = pointsOf(states);
  const rollouts = points.reduce((sum, point) => sum + point.attempts, 0);
  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="flex items-baseline gap-2 text-sm">
        <span className="font-medium text-ink">From which states can the agent solve it?</span>
        <span className="ml-auto text-xs text-ink-3">
          states 0–{steps.length}, n = {rollouts} rollouts
        </span>
      </figcaption>
      {points.length < 2 ? (
        <p className="text-sm text-ink-2">
          {points[0]
            ? `Only state ${points[0].stateIndex} has completed rollouts: ${tallyWords(points[0])}.`
            : "No state has a completed rollout yet."}
        </p>
      ) : (
        <Chart points={points} steps={steps} selected={selected} onSelect={onSelect} />
      )}
      <StateTable states={states} onSelect={onSelect} />
    </figure>
  );
}

function Chart({ points, steps, selected, onSelect }: Omit<Props, "states"> & { points: Point[] }) {
  const length = steps.length;
  const go = (state: number) => onSelect(Math.min(Math.max(0, state), length - 1));
  return (
    <div className="h-40 text-xs" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart margin={{ top: 10, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          {bandsOf(steps).map((band) => (
            <ReferenceArea
              key={band.from}
              x1={band.from}
              x2={band.to}
              y1={0}
              y2={1}
              fill={verdictLook(band.verdict, band.recovery).color}
              fillOpacity={band.verdict === "dead_end" ? 0.16 : 0.3}
              stroke="var(--surface)"
              onClick={() => go(band.from)}
              className="cursor-pointer"
            />
          ))}
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <ReferenceLine x={selected} stroke="var(--accent)" strokeWidth={2} />
          <XAxis
            {...axis}
            type="number"
            dataKey="stateIndex"
            domain={[0, length]}
            ticks={[...points.map((point) => point.stateIndex), length]}
            interval="preserveStartEnd"
            allowDecimals={false}
            height={20}
          />
          <YAxis
            {...axis}
            type="number"
            domain={[0, 1]}
            ticks={[0, 0.5, 1]}
            tickFormatter={percent}
            width={50}
          />
          <Scatter
            data={points}
            dataKey="rate"
            isAnimationActive={false}
            shape={<Dot selected={selected} />}
            onClick={(point) => go(Number(point.payload?.stateIndex ?? 0))}
            className="cursor-pointer"
          >
            <ErrorBar
              dataKey="error"
              direction="y"
              width={6}
              strokeWidth={1.25}
              stroke="var(--ink-2)"
              isAnimationActive={false}
            />
          </Scatter>
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

const axis = {
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  stroke: "var(--line-strong)",
  tickLine: false,
} as const;

// The space must not break, or the axis wraps its own labels.
const percent = (rate: number) => `${rate * 100}\u00a0%`;

/** Recharts hands a shape its place and its point. */
function Dot({
  cx = 0,
  cy = 0,
  stateIndex = -1,
  selected,
}: {
  cx?: number;
  cy?: number;
  stateIndex?: number;
  selected: number;
}) {
  const here = stateIndex === selected;
  return (
    <g>
      <circle cx={cx} cy={cy} r={10} fill="transparent" />
      <circle
        cx={cx}
        cy={cy}
        r={here ? 5 : 4}
        fill={here ? "var(--accent)" : "var(--ink)"}
        stroke="var(--surface)"
        strokeWidth={1.5}
      />
    </g>
  );
}

function StateTable({ states, onSelect }: Pick<Props, "states" | "onSelect">) {
  return (
    <table className="sr-only">
      <caption>Success by state</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Evidence</th>
        </tr>
      </thead>
      <tbody>
        {states.map((state) => (
          <tr key={state.stateIndex}>
            <td>
              <button type="button" tabIndex={-1} onClick={() => onSelect(state.stateIndex)}>
                State {state.stateIndex}
              </button>
            </td>
            <td>{tallyWords(state)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
