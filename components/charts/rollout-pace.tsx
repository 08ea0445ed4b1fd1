"use client";
/**
 * `RolloutPace`: how many rollouts end per minute? One bar per minute, the newest at the right. Screen readers get the same
 * as a sentence. Under two minutes with rollouts there is no pace to see.
 */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCount, plural } from "@/components/ui/numbers";

export function RolloutPace({ perMinute }: { perMinute: number[] }) {
  const ended = perMinute.reduce((sum, each) => sum + each, 0);
  if (perMinute.filter((each) => each > 0).length < 2) return null;
  const rows = perMinute.map((rollouts, i) => ({ ago: perMinute.length - i, rollouts }));
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-medium text-ink">How many rollouts end per minute?</span>
        <span className="ml-auto text-xs text-ink-3">
          last {perMinute.length} minutes, n = {formatCount(ended)}
        </span>
      </figcaption>
      <p className="sr-only">Rollouts per minute, oldest first: {perMinute.join(", ")}.</p>
      <div aria-hidden className="h-36 text-xs">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 144 }}>
          <BarChart data={rows} margin={{ top: 4, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis {...axis} dataKey="ago" height={20} tickFormatter={(ago: number) => `−${ago}`} />
            <YAxis {...axis} width={40} allowDecimals={false} tickFormatter={formatCount} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--hover)" }}
              content={({ active, label }) => {
                const row = active ? rows.find(({ ago }) => ago === label) : undefined;
                return row ? (
                  <div className="rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
                    {plural(row.rollouts, "rollout")}, {plural(row.ago - 1, "minute")} ago
                  </div>
                ) : null;
              }}
            />
            <Bar dataKey="rollouts" fill="var(--accent)" isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

const axis = {
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  stroke: "var(--line-strong)",
  tickLine: false,
} as const;
