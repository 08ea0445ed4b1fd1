"use client";
/**
 * `SuccessByState`: from which states can the agent solve this? Points with 95 % Wilson intervals over the states, the
 * verdict of every segment as a band behind, the point of no return as a dashed line. It is also the map: a click on a point
 * or a band goes there, and so do the points by keyboard (one tab stop, arrows move, Enter goes). Under two known states it
 * is a sentence, not a chart. A move draws the marks again and not the chart.
 */
import { memo, type KeyboardEvent } from "react";
import {
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  ReferenceArea,
  ResponsiveContainer,
  Scatter,
  XAxis,
  YAxis,
} from "recharts";
import { forkStateOf } from "@/lib/core/fork";
import { pointOfNoReturn } from "@/lib/core/no-return";
import type { StepRow, TallyRow } from "@/lib/core/review-rows";
import { cx } from "@/components/ui/class-names";
import { tallyWords } from "@/components/trajectory/evidence-bar";
import { bandsOf, type VerdictBand } from "@/components/trajectory/verdict-bands";
import { verdictLook } from "@/components/trajectory/verdict-look";
import { noReturnWords, pointsOf, type Point } from "./success-points";

type Props = {
  states: TallyRow[];
  steps: Pick<StepRow, "stepIndex" | "verdict" | "recovery">[];
  /** The state where the selected step acts. */
  selected: number;
  onSelect: (stateIndex: number) => void;
};

/** Where the plot lies within the figure, in pixels: the axes of the chart and the marks over it agree by this. */
const plot = { left: 50, right: 12, top: 10, bottom: 20 } as const;

export function SuccessByState({ states, steps, selected, onSelect }: Props) {
  const points = pointsOf(states);
  const rollouts = points.reduce((sum, point) => sum + point.attempts, 0);
  const end = pointOfNoReturn(states);
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
        <div className="relative h-40 text-xs">
          <Plot points={points} bands={bandsOf(steps)} length={steps.length} onSelect={onSelect} />
          <div className="pointer-events-none absolute" style={plot}>
            <Line at={selected / steps.length} className="border-accent" />
            {end ? (
              <Line at={end.stateIndex / steps.length} className="border-dashed border-harmful" />
            ) : null}
            <Stops states={states} length={steps.length} selected={selected} onSelect={onSelect} />
          </div>
        </div>
      )}
      {end ? (
        <p className="text-xs text-ink-2">
          <button
            type="button"
            onClick={() => onSelect(end.stateIndex)}
            className="font-medium text-ink underline decoration-harmful decoration-dashed underline-offset-2"
          >
            From state {end.stateIndex} on
          </button>
          : {noReturnWords(end)}
        </p>
      ) : null}
    </figure>
  );
}

function Line({ at, className }: { at: number; className: string }) {
  return (
    <span
      aria-hidden
      className={cx("absolute inset-y-0 -ml-px border-l-2", className)}
      style={{ left: `${at * 100}%` }}
    />
  );
}

type PlotProps = {
  points: Point[];
  bands: VerdictBand[];
  length: number;
  onSelect: (stateIndex: number) => void;
};

/** Drawing a chart takes long: it is drawn again only when something in it changed. */
const Plot = memo(
  Drawing,
  (before, after) => before.onSelect === after.onSelect && drawn(before) === drawn(after),
);

const drawn = ({ points, bands, length }: PlotProps): string => JSON.stringify([points, bands, length]);

function Drawing({ points, bands, length, onSelect }: PlotProps) {
  return (
    <div className="h-full" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          margin={{ top: plot.top, right: plot.right, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          {bands.map((band) => (
            <ReferenceArea
              key={band.from}
              x1={band.from}
              x2={band.to}
              y1={0}
              y2={1}
              fill={verdictLook(band.verdict, band.recovery).color}
              fillOpacity={band.verdict === "dead_end" ? 0.16 : 0.3}
              stroke="var(--surface)"
              onClick={() => onSelect(band.from)}
              className="cursor-pointer"
            />
          ))}
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            {...axis}
            type="number"
            dataKey="stateIndex"
            domain={[0, length]}
            ticks={[...points.map((point) => point.stateIndex), length]}
            interval="preserveStartEnd"
            allowDecimals={false}
            height={plot.bottom}
          />
          <YAxis
            {...axis}
            type="number"
            domain={[0, 1]}
            ticks={[0, 0.5, 1]}
            tickFormatter={percent}
            width={plot.left}
          />
          {/* The points themselves are the stops above. */}
          <Scatter data={points} dataKey="rate" isAnimationActive={false} shape={() => <g />}>
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

/** The probed states as points that can be pressed; one that only has errored rollouts is a ring at the bottom. */
function Stops(props: {
  states: TallyRow[];
  length: number;
  selected: number;
  onSelect: (stateIndex: number) => void;
}) {
  const { states, length, selected, onSelect } = props;
  const stop = forkStateOf(
    states.map(({ stateIndex }) => stateIndex),
    selected,
  );
  return (
    <div role="group" aria-label="Probed states">
      {states.map((state) => {
        const { stateIndex, attempts, successes } = state;
        const words = `State ${stateIndex}: ${tallyWords(state)}`;
        return (
          <button
            key={stateIndex}
            type="button"
            tabIndex={stateIndex === stop ? 0 : -1}
            aria-label={words}
            aria-current={stateIndex === selected ? "step" : undefined}
            title={words}
            onClick={() => onSelect(stateIndex)}
            onKeyDown={roam}
            className="pointer-events-auto absolute -mt-2.5 -ml-2.5 grid size-5 place-items-center rounded-full"
            style={{
              left: `${(stateIndex / length) * 100}%`,
              top: `${(1 - (attempts === 0 ? 0 : successes / attempts)) * 100}%`,
            }}
          >
            <span
              className={cx(
                "rounded-full",
                stateIndex === selected ? "size-2.5 bg-accent" : "size-2",
                stateIndex === selected || attempts === 0 ? "" : "bg-ink",
                attempts === 0 && "border border-undecided-line bg-surface",
              )}
            />
          </button>
        );
      })}
    </div>
  );
}

/** Left and right, first and last; Enter presses the button as ever. */
function roam(event: KeyboardEvent<HTMLElement>) {
  const { currentTarget: at, key } = event;
  const to: Record<string, Element | null | undefined> = {
    ArrowLeft: at.previousElementSibling,
    ArrowRight: at.nextElementSibling,
    Home: at.parentElement?.firstElementChild,
    End: at.parentElement?.lastElementChild,
  };
  const next = to[key];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
