"use client";
/** The name of a bar, its icon where it is a verdict, and its number in words below. Recharts hands it its place. */
import { verdictLook } from "@/components/trajectory/verdict-look";
import type { BarRow } from "./bar-rows";

const LONGEST = 22;
const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

type Tick = { y?: number | string; payload?: { value?: unknown }; rows: BarRow[] };

export function BarTick({ y = 0, payload, rows }: Tick) {
  const row = rows.find((each) => each.name === payload?.value);
  if (!row) return null;
  const middle = Number(y);
  const look = row.verdict === null ? null : verdictLook(row.verdict, false);
  const Icon = look?.icon;
  return (
    <g>
      <title>{row.name}</title>
      {Icon ? (
        <Icon x={0} y={middle - 15} width={12} height={12} strokeWidth={2.5} className={look?.text} />
      ) : null}
      <text x={Icon ? 17 : 0} y={middle - 4} fontSize={13} fill="var(--ink)">
        {short(row.name)}
      </text>
      <text x={0} y={middle + 12} fontSize={12} fill="var(--ink-3)">
        {row.detail}
      </text>
    </g>
  );
}
