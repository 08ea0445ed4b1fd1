/** `BarLegend`: what the parts of a stacked bar are, in words beside their colours. */
import type { BarSeries } from "./bar-rows";

export function BarLegend({ series }: { series: BarSeries[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {series.map(({ key, word, color }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-[1px]" style={{ background: color }} />
          {word}
        </li>
      ))}
    </ul>
  );
}
