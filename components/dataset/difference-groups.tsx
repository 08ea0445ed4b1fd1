/** `DifferenceGroups`: what came in, fell out and changed between two datasets, by reason, each by name. */
import Link from "next/link";
import type { Change, DifferenceReason, MaskChange } from "@/lib/core/dataset-compare";
import type { Example } from "@/lib/core/example";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { Pager } from "@/components/ui/pager";
import { Section } from "@/components/ui/section";
import { kindWords, reasonWords } from "./dataset-words";

type Row = {
  trajectoryId: number;
  importantState: number | null;
  kind: Example["kind"];
  subtaskKey: string;
  mask: MaskChange[];
};
type Group = {
  change: Change;
  reason: DifferenceReason;
  by: string | null;
  count: number;
  /** The first that is named. */
  from: number;
  rows: Row[];
};

const titles: Record<Change, string> = { in: "Came in", out: "Fell out", changed: "Changed" };

/** @param between the two datasets, by id: their address is where more of a group is */
export function DifferenceGroups({
  groups,
  between,
}: {
  groups: Group[];
  between: { a: number; b: number };
}) {
  return groups.map((group) => {
    const { change, reason, by, from, count, rows } = group;
    const words = `${reasonWords[reason]}${by ? ` by ${by}` : ""}`;
    const id = `${change}-${reason}-${by ?? ""}`;
    const address = (at: number) => {
      const which = { change, reason, ...(by === null ? {} : { by }), from: String(at) };
      const query = new URLSearchParams({ a: String(between.a), b: String(between.b), ...which });
      return `/datasets/compare?${query}#${encodeURIComponent(id)}`;
    };
    const end = from + rows.length;
    const isPart = from > 0 || count > rows.length;
    return (
      <Section
        key={`${change} ${reason} ${by}`}
        title={`${titles[change]}: ${words}`}
        note={
          isPart
            ? `${formatCount(from + 1)} to ${formatCount(end)} of ${formatCount(count)}`
            : formatCount(count)
        }
      >
        <ul id={id} className="flex flex-col gap-1 text-sm">
          {rows.map((row) => (
            <li
              key={`${row.trajectoryId} ${row.importantState} ${row.kind}`}
              className="flex flex-wrap gap-x-3"
            >
              <Link
                href={`/trajectories/${row.trajectoryId}`}
                className="tabular-nums underline underline-offset-2 hover:text-ink"
              >
                trajectory {row.trajectoryId}
              </Link>
              <Badge title={kindWords[row.kind].meaning}>{kindWords[row.kind].word}</Badge>
              <span className="font-mono text-xs">{row.subtaskKey}</span>
              {row.importantState === null ? null : (
                <span className="text-ink-2">solves state {row.importantState}</span>
              )}
              {row.mask.length === 0 ? null : (
                <span className="text-ink-2">{row.mask.map(maskWords).join("; ")}</span>
              )}
            </li>
          ))}
        </ul>
        <Pager
          label={`${titles[change]}: ${words}`}
          first={from > 0 ? address(0) : null}
          next={end < count ? address(end) : null}
        />
      </Section>
    );
  });
}

const maskWords = ({ source, stepIndex, trained }: MaskChange): string =>
  `${source} step ${stepIndex} ${trained ? "is trained now" : "is masked now"}`;
