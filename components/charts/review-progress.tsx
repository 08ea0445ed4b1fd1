/** `ReviewProgress`: how much of what waits for a person has been decided. */
import type { Overview } from "@/lib/core/rows";
import { formatPercent, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import type { BarSeries } from "./bar-rows";

const series: BarSeries[] = [
  { key: "reviewed", word: "decided", color: "var(--ink-2)" },
  { key: "open", word: "waiting", color: "var(--redundant-fill)" },
];

export function ReviewProgress({ review: { toReview, reviewed } }: Pick<Overview, "review">) {
  const share = (count: number) => `${count} · ${formatPercent(toReview === 0 ? 0 : count / toReview)}`;
  const open = Math.max(0, toReview - reviewed);
  return (
    <BarFigure
      title="How much is reviewed?"
      n={`n = ${plural(toReview, "action or solution", "actions and solutions")} to review`}
      unit="to review"
      rows={[
        { name: "decided", detail: share(reviewed), verdict: null, values: { reviewed } },
        { name: "waiting", detail: share(open), verdict: null, values: { open } },
      ]}
      series={series}
      legend={null}
    />
  );
}
