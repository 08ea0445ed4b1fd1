/** `EntryTable`: what each replay of a check gave: what broke first, then what differed. */
import Link from "next/link";
import type { VerificationEntry, VerificationOutcome } from "@/lib/core/rows";
import { VisibleText } from "@/components/trajectory/text-block";
import { clampText } from "@/components/trajectory/visible-text";
import { Badge, type Tone } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { outcomeWords } from "./verification-words";

const tones: Record<VerificationOutcome, Tone> = {
  queued: "neutral",
  verified: "good",
  diverged: "warn",
  not_replayable: "neutral",
  errored: "bad",
  cancelled: "neutral",
};

export function EntryTable({ rows }: { rows: VerificationEntry[] }) {
  return (
    <Table caption="Trajectories of this replay check">
      <thead>
        <tr>
          <Th>Subtask</Th>
          <Th className="w-[30%]">Instruction</Th>
          <Th align="end">Steps</Th>
          <Th>Replay</Th>
          <Th className="w-[38%]">What was seen</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.trajectoryId}>
            <Td className="whitespace-nowrap">
              <Link
                href={`/trajectories/${row.trajectoryId}?source=any&outcome=any`}
                prefetch={false}
                className="font-medium hover:underline"
              >
                <span className="inline-block max-w-[22ch] truncate align-bottom">{row.subtaskKey}</span>
              </Link>
              <span className="ml-2 text-xs text-ink-3">{row.environment}</span>
            </Td>
            <Td truncate className="text-ink-2">
              <VisibleText text={clampText(row.instruction, 240)} />
            </Td>
            <Td align="end">{row.stepCount}</Td>
            <Td>
              <Badge tone={tones[row.outcome]}>{outcomeWords[row.outcome]}</Badge>
            </Td>
            <Td truncate className="text-ink-2" title={row.errorMessage ?? undefined}>
              <Seen entry={row} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Seen({ entry }: { entry: VerificationEntry }) {
  if (entry.outcome === "errored") return <VisibleText text={clampText(entry.errorMessage ?? "", 240)} />;
  if (entry.divergedAt !== null)
    return (
      <Link
        href={`/trajectories/${entry.trajectoryId}?source=any&outcome=any#replay`}
        prefetch={false}
        className="underline underline-offset-2 hover:text-ink"
      >
        first difference at state {entry.divergedAt}: compare
      </Link>
    );
  if (entry.outcome === "verified") return "every recorded observation and reward came again";
  return entry.outcome === "not_replayable" ? "its environment cannot replay it" : "–";
}
