/** `CoverageGroups`: the numbers behind a chart of coverage, each leading to what it counts; `href` says where. */
import Link from "next/link";
import type { CoverageState, CoverageTotals } from "@/lib/core/coverage";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { coverageWords } from "./coverage-words";

export type CoverageGroup = CoverageTotals & { name: string; href: (state: CoverageState | null) => string };

const headings: Record<CoverageState, string> = {
  approved: "Approved",
  solved: "Solved only",
  remaining: "Not solved",
};
const shown: CoverageState[] = ["approved", "solved", "remaining"];

export function CoverageGroups({ caption, groups }: { caption: string; groups: CoverageGroup[] }) {
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          <Th className="w-full">{caption}</Th>
          <Th align="end">Failed</Th>
          {shown.map((state) => (
            <Th key={state} align="end" title={coverageWords[state]}>
              {headings[state]}
            </Th>
          ))}
          <Th align="end">Solved, 95 %</Th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Tr key={group.name}>
            <Td truncate className="min-w-32 font-medium" title={group.name}>
              <Link href={group.href(null)} className="hover:underline">
                {group.name}
              </Link>
            </Td>
            <Td align="end">{formatCount(group.failed)}</Td>
            {shown.map((state) => (
              <Td key={state} align="end">
                {group[state] === 0 ? (
                  <span className="text-ink-3">0</span>
                ) : (
                  <Link
                    href={group.href(state)}
                    aria-label={`${formatCount(group[state])} tasks of ${group.name}, ${coverageWords[state]}`}
                    className="hover:underline"
                  >
                    {formatCount(group[state])}
                  </Link>
                )}
              </Td>
            ))}
            <Td align="end">
              {formatPercent(group.everSolved / group.failed)}{" "}
              <span className="text-ink-2">
                ({formatPercent(group.low)} to {formatPercent(group.high)})
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
