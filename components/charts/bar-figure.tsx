"use client";
/**
 * `BarFigure`: one question answered by horizontal stacked bars, each row saying its own number in words. The question is
 * the title, `n` what was counted. Screen readers get the same as a table. The charts of the overview, a run and a dataset
 * are made of it; each has its own file that says what is counted.
 */
import { useId, type ReactNode } from "react";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCount } from "@/components/ui/numbers";
import type { BarRow, BarSeries } from "./bar-rows";
import { BarTick } from "./bar-tick";

type Props = {
  title: string;
  n: string;
  unit: string;
  rows: BarRow[];
  series: BarSeries[];
  legend: ReactNode;
};

const ROW = 40;
const AXIS = 24;

export function BarFigure({ title, n, unit, rows, series, legend }: Props) {
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-medium text-ink">{title}</span>
        <span className="ml-auto text-xs text-ink-3">{n}</span>
      </figcaption>
      {legend}
      <div aria-hidden className="text-xs" style={{ height: rows.length * ROW + AXIS }}>
        <Bars rows={rows} series={series} unit={unit} />
      </div>
      <BarTable title={title} rows={rows} series={series} />
    </figure>
  );
}

function Bars({ rows, series, unit }: Pick<Props, "rows" | "series" | "unit">) {
  const hatch = useId().replace(/[^a-zA-Z0-9]/g, "");
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 200 }}>
      <BarChart
        layout="vertical"
        data={rows}
        margin={{ top: 0, right: 20, bottom: 0, left: 0 }}
        barSize={14}
        accessibilityLayer={false}
      >
        <Hatch id={hatch} />
        <CartesianGrid horizontal={false} stroke="var(--line)" />
        <YAxis
          type="category"
          dataKey="name"
          width={150}
          interval={0}
          tickLine={false}
          axisLine={false}
          tick={<BarTick rows={rows} />}
        />
        <XAxis
          type="number"
          allowDecimals={false}
          height={AXIS}
          tickLine={false}
          stroke="var(--line-strong)"
          tick={{ fill: "var(--ink-3)", fontSize: 12 }}
          tickFormatter={formatCount}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--hover)" }}
          content={({ active, label }) => {
            const row = active ? rows.find((each) => each.name === label) : undefined;
            return row ? <RowNote row={row} series={series} unit={unit} /> : null;
          }}
        />
        {series.map(({ key, word, color }) => (
          <Bar
            key={key}
            name={word}
            stackId="all"
            dataKey={(row: BarRow) => row.values[key] ?? 0}
            fill={key === "undecided" ? `url(#${hatch})` : color}
            stroke="var(--surface)"
            strokeWidth={1}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(135)">
        <rect width="6" height="6" fill="var(--undecided-fill)" fillOpacity="0.35" />
        <rect width="3" height="6" fill="var(--undecided-fill)" />
      </pattern>
    </defs>
  );
}

function RowNote({ row, series, unit }: { row: BarRow } & Pick<Props, "series" | "unit">) {
  return (
    <div className="rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
      <p className="font-medium">{row.name}</p>
      {series
        .filter(({ key }) => row.values[key] !== undefined)
        .map(({ key, word }) => (
          <p key={key}>
            {formatCount(row.values[key] ?? 0)} {unit}
            {Object.keys(row.values).length > 1 ? ` ${word}` : ""}
          </p>
        ))}
    </div>
  );
}

function BarTable({ title, rows, series }: Pick<Props, "title" | "rows" | "series">) {
  return (
    <table className="sr-only">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          {series.map(({ key, word }) => (
            <th key={key} scope="col">
              {word}
            </th>
          ))}
          <th scope="col">In words</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            {series.map(({ key }) => (
              <td key={key}>{row.values[key] ?? "–"}</td>
            ))}
            <td>{row.detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
