/** `VerificationTable`: passes of replaying chosen trajectories, one line each. */
import Link from "next/link";
import type { VerificationRow } from "@/lib/core/rows";
import { formatCount, plural } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VerificationBadge } from "./verification-badge";
import { outcomeParts, totalOf } from "./verification-words";

export function VerificationTable({ rows }: { rows: VerificationRow[] }) {
  return (
    <Table caption="Replay checks">
      <thead>
        <tr>
          <Th>Replay check</Th>
          <Th>State</Th>
          <Th className="w-[30%]">Outcome</Th>
          <Th align="end">Verified</Th>
          <Th align="end">Diverged</Th>
          <Th align="end">Not replayable</Th>
          <Th align="end">Errored</Th>
          <Th>By</Th>
          <Th align="end">Started</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.verificationId}>
            <Td>
              <Link href={`/replays/${row.verificationId}`} className="font-medium hover:underline">
                {plural(totalOf(row.outcomes), "trajectory", "trajectories")}
              </Link>
            </Td>
            <Td>
              <VerificationBadge state={row.state} />
            </Td>
            <Td>
              <ProgressBar
                label={`Replay check ${row.verificationId}`}
                total={totalOf(row.outcomes)}
                parts={outcomeParts(row.outcomes)}
              />
            </Td>
            <Td align="end">{formatCount(row.outcomes.verified)}</Td>
            <Td align="end">{formatCount(row.outcomes.diverged)}</Td>
            <Td align="end">{formatCount(row.outcomes.not_replayable)}</Td>
            <Td align="end">{formatCount(row.outcomes.errored)}</Td>
            <Td>{row.createdBy}</Td>
            <Td align="end" className="text-ink-2">
              <Time at={row.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
