"use client";
/**
 * `KeptAgainstWrong`: what does more confidence cost? Every confidence is a point: how many verdicts would be expected to be
 * wrong, and how many of the expert's actions would be kept. The one asked for is marked; a click asks for another. Screen
 * readers get the same as a table. Under two points it is nothing: there is no choice to make.
 */
import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { TradeOff } from "@/lib/core/expected-wrong";
import { formatCount, formatProbability, plural } from "@/components/ui/numbers";
import { formatExpected } from "@/components/run/rule-words";

type Props = {
  points: TradeOff[];
  /** Where the confidence asked for stands. */
  now: { expectedWrong: number; beneficialActions: number };
  onChoose: (alpha: number) => void;
};

export function KeptAgainstWrong({ points, now, onChoose }: Props) {
  if (points.length < 2) return null;
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-medium text-ink">What does more confidence cost?</span>
        <span className="ml-auto text-xs text-ink-3">
          beneficial actions against expected wrong verdicts, n = {plural(points[0]?.claims ?? 0, "verdict")}
        </span>
      </figcaption>
      <div aria-hidden className="h-44 text-xs">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 176 }}>
          <ComposedChart
            data={points}
            margin={{ top: 8, right: 16, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--line)" />
            <XAxis
              {...axis}
              type="number"
              dataKey="expectedWrong"
              domain={[0, "auto"]}
              height={22}
              tickFormatter={formatExpected}
            />
            <YAxis
              {...axis}
              type="number"
              dataKey="beneficialActions"
              domain={[0, "auto"]}
              width={44}
              allowDecimals={false}
              tickFormatter={formatCount}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--line-strong)" }}
              content={({ active, payload }) => {
                const point = active ? points.find((each) => each === payload[0]?.payload) : undefined;
                return point ? <PointNote point={point} /> : null;
              }}
            />
            <Line
              dataKey="beneficialActions"
              stroke="var(--ink-2)"
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
            />
            <Scatter
              dataKey="beneficialActions"
              fill="var(--ink)"
              isAnimationActive={false}
              className="cursor-pointer"
              onClick={(point) => {
                const alpha = Number(point.payload?.alpha);
                if (!Number.isNaN(alpha)) onChoose(alpha);
              }}
            />
            <ReferenceDot
              x={now.expectedWrong}
              y={now.beneficialActions}
              r={6}
              fill="var(--accent)"
              stroke="var(--surface)"
              strokeWidth={2}
              ifOverflow="extendDomain"
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <PointTable points={points} />
    </figure>
  );
}

const axis = {
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  stroke: "var(--line-strong)",
  tickLine: false,
} as const;

function PointNote({ point }: { point: TradeOff }) {
  return (
    <div className="rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
      <p className="font-medium">α up to {formatProbability(point.alpha)}</p>
      <p>{plural(point.beneficialActions, "beneficial action")}</p>
      <p>
        {formatExpected(point.expectedWrong)} of {plural(point.claims, "verdict")} expected wrong
      </p>
    </div>
  );
}

function PointTable({ points }: Pick<Props, "points">) {
  return (
    <table className="sr-only">
      <caption>What does more confidence cost?</caption>
      <thead>
        <tr>
          <th scope="col">α up to</th>
          <th scope="col">beneficial actions</th>
          <th scope="col">verdicts</th>
          <th scope="col">expected wrong</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.alpha}>
            <th scope="row">{formatProbability(point.alpha)}</th>
            <td>{point.beneficialActions}</td>
            <td>{point.claims}</td>
            <td>{formatExpected(point.expectedWrong)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
