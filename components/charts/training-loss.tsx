"use client";
/**
 * `TrainingLoss`: is it learning? Loss by step, and of the examples held out where there are some. Screen readers get the
 * first, lowest and last as a sentence; the events below the chart say all of it. Under two points there is no line.
 */
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { LossPoint } from "@/lib/core/training";
import { formatCount } from "@/components/ui/numbers";

export function TrainingLoss({ points }: { points: LossPoint[] }) {
  const losses = points.flatMap(({ loss }) => loss ?? []);
  const held = points.flatMap(({ validLoss }) => validLoss ?? []);
  if (points.length < 2) return null;
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-medium text-ink">Is it learning?</span>
        <span className="flex items-center gap-1.5 text-xs text-ink-2">
          <span aria-hidden className="h-0.5 w-4 bg-accent" /> loss on what is trained
        </span>
        {held.length > 0 ? (
          <span className="flex items-center gap-1.5 text-xs text-ink-2">
            <span aria-hidden className="w-4 border-t-2 border-dashed border-undecided" /> loss on what is
            held out
          </span>
        ) : null}
        <span className="ml-auto text-xs text-ink-3">by step, {formatCount(points.length)} points</span>
      </figcaption>
      <p className="sr-only">
        {rangeWords("Loss", losses)} {rangeWords("Loss on held-out examples", held)}
      </p>
      <div aria-hidden className="h-56 text-xs">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 720, height: 224 }}>
          <LineChart
            data={points}
            margin={{ top: 6, right: 12, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              {...axis}
              type="number"
              dataKey="step"
              domain={["dataMin", "dataMax"]}
              height={20}
              allowDecimals={false}
            />
            <YAxis {...axis} width={48} domain={["auto", "auto"]} tickFormatter={short} />
            <Tooltip
              isAnimationActive={false}
              content={({ active, label }) => {
                const point = active ? points.find(({ step }) => step === label) : undefined;
                return point ? (
                  <div className="rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
                    step {formatCount(point.step)}: {pointWords(point)}
                  </div>
                ) : null;
              }}
            />
            <Line {...line} dataKey="loss" stroke="var(--accent)" />
            <Line {...line} dataKey="validLoss" stroke="var(--undecided)" strokeDasharray="5 4" />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

const short = (loss: number): string => String(Number(loss.toPrecision(4)));

function pointWords({ loss, validLoss }: LossPoint): string {
  const said = [
    loss === null ? null : `loss ${short(loss)}`,
    validLoss === null ? null : `held out ${short(validLoss)}`,
  ];
  return said.filter((part) => part !== null).join(", ");
}

function rangeWords(what: string, values: number[]): string {
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return "";
  return `${what}: ${short(first)} at first, ${short(Math.min(...values))} at its lowest, ${short(last)} at last.`;
}

const line = {
  type: "linear",
  strokeWidth: 2,
  dot: false,
  connectNulls: true,
  isAnimationActive: false,
} as const;

const axis = {
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  stroke: "var(--line-strong)",
  tickLine: false,
} as const;
