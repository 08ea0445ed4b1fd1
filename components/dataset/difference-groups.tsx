/** `DifferenceGroups`: what came in, fell out and changed between two datasets, by reason, each by name. */
import Link from "next/link";
import type { DifferenceReason, MaskChange } from "@/lib/core/dataset-compare";
import type { Example } from "@/lib/core/example";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { kindWords, reasonWords } from "./dataset-words";

type Change = "in" | "out" | "changed";
type Row = {
  trajectoryId: number;
  importantState: number | null;
  kind: Example["kind"];
  subtaskKey: string;
  mask: MaskChange[];
};
type Group = { change: Change; reason: DifferenceReason; by: string | null; count: number; rows: Row[] };

const titles: Record<Change, string> = { in: "Came in", out: "Fell out", changed: "Changed" };

export function DifferenceGroups({ groups }: { groups: Group[] }) {
  return groups.map((group) => {
    const { change, reason, by, count, rows } = group;
    const words = `${reasonWords[reason]}${by ? ` by ${by}` : ""}`;
    return (
      <Section
        key={`${change} ${reason} ${by}`}
        title={`${titles[change]}: ${words}`}
        note={formatCount(count)}
      >
        <ul className="flex flex-col gap-1 text-sm">
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
          {count > rows.length ? (
            <li className="text-ink-3">and {formatCount(count - rows.length)} more</li>
          ) : null}
        </ul>
      </Section>
    );
  });
}

const maskWords = ({ source, stepIndex, trained }: MaskChange): string =>
  `${source} step ${stepIndex} ${trained ? "is trained now" : "is masked now"}`;
