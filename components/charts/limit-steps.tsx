"use client";
/**
 * `LimitSteps`: how many calls did the endpoint get at once, over time? A step per change; where it was down the line is at
 * zero. `LimitTable` below says the same, with the reasons. Under two changes it is nothing.
 */
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { EndpointChange } from "@/lib/core/endpoint";
import { exactTime } from "@/components/ui/time";
import { limitPoints, limitWords } from "@/components/run/limit-words";

/** @param until where the last step ends */
export function LimitSteps({ changes, until }: { changes: EndpointChange[]; until: Date }) {
  if (changes.length < 2) return null;
  const points = limitPoints(changes, until);
  return (
    <div aria-hidden className="h-40 text-xs">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 160 }}>
        <LineChart
          data={points}
          margin={{ top: 6, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            {...axis}
            type="number"
            dataKey="at"
            domain={["dataMin", "dataMax"]}
            height={20}
            tickFormatter={(at: number) => new Date(at).toISOString().slice(11, 16)}
          />
          <YAxis {...axis} width={40} allowDecimals={false} domain={[0, "auto"]} />
          <Tooltip
            isAnimationActive={false}
            content={({ active, label }) => {
              const index = active ? points.findIndex(({ at }) => at === label) : -1;
              const change = changes[index];
              return change ? (
                <div className="max-w-80 rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
                  {exactTime(change.at)}: {limitWords(changes, index)}
                </div>
              ) : null;
            }}
          />
          <Line
            type="stepAfter"
            dataKey="calls"
            stroke="var(--accent)"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

const axis = {
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  stroke: "var(--line-strong)",
  tickLine: false,
} as const;
