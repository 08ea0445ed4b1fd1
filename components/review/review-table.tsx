/** `ReviewTable`: everybody's decisions, one line each; the time leads to the action that was decided on. */
import Link from "next/link";
import { stateAfter } from "@/lib/core/review";
import { contradictsMiner, type ReviewListRow } from "@/lib/core/review-history";
import { DecisionDot } from "@/components/trajectory/decision-mark";
import { reasonWords } from "@/components/trajectory/decision-history";
import { VisibleText } from "@/components/trajectory/text-block";
import { VerdictBadge } from "@/components/trajectory/verdict-badge";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { decisionWords, verdictIn } from "./review-words";

const NOTE_CHARS = 200;

export function ReviewTable({ rows }: { rows: ReviewListRow[] }) {
  return (
    <Table caption="Decisions, newest first">
      <thead>
        <tr>
          <Th>Action</Th>
          <Th>Decision</Th>
          <Th>Verdict seen</Th>
          <Th className="w-[30%]">Reason and note</Th>
          <Th>By</Th>
          <Th>Run</Th>
          <Th align="end">When</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.reviewId} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row }: { row: ReviewListRow }) {
  const { trajectoryId, runId, target, targetIndex } = row;
  return (
    <Tr>
      <Td className="max-w-0 min-w-56">
        <Link
          href={`/trajectories/${trajectoryId}?run=${runId}#step-${targetIndex}`}
          prefetch={false}
          className="font-medium hover:underline"
        >
          {target === "step" ? `Step ${targetIndex}` : `Solution of state ${targetIndex}`} of trajectory{" "}
          {trajectoryId}
        </Link>
        <p className="truncate font-mono text-xs text-ink-3" dir="ltr">
          {row.action === null ? row.subtaskKey : <VisibleText text={row.action} />}
        </p>
      </Td>
      <Td>
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <DecisionDot state={stateAfter[row.decision]} />
          <span className={row.undone ? "text-ink-3 line-through" : "font-medium"}>
            {decisionWords[row.decision]}
          </span>
          {row.undone ? (
            <Badge title="A later decision on the same action has taken the place of this one">undone</Badge>
          ) : null}
        </span>
      </Td>
      <Td>
        <span className="inline-flex flex-wrap items-center gap-1">
          <Seen seen={row.verdictSeen} />
          {contradictsMiner(row) ? (
            <Badge tone="warn" title="The person decided the opposite of what mining says">
              against the miner
            </Badge>
          ) : null}
        </span>
      </Td>
      <Td className="[overflow-wrap:anywhere]">
        {row.reason === null ? null : <VisibleText text={reasonWords(row.reason)} />}
        {row.reason !== null && row.note !== null ? ": " : null}
        {row.note === null ? null : (
          <span className="text-ink-2">
            <VisibleText text={shortened(row.note)} />
          </span>
        )}
      </Td>
      <Td className="max-w-[20ch] truncate" title={row.reviewer}>
        {row.reviewer}
      </Td>
      <Td className="max-w-[20ch] truncate" title={row.runName}>
        <Link href={`/runs/${runId}`} prefetch={false} className="hover:underline">
          {row.runName}
        </Link>
      </Td>
      <Td align="end" className="text-ink-2">
        <Time at={row.at} />
      </Td>
    </Tr>
  );
}

function Seen({ seen }: { seen: string | null }) {
  const verdict = verdictIn(seen);
  if (verdict) return <VerdictBadge verdict={verdict} recovery={false} />;
  return <span className="text-xs text-ink-2">{seen ?? "none"}</span>;
}

const shortened = (note: string) =>
  note.length <= NOTE_CHARS ? note : `${note.slice(0, NOTE_CHARS).toWellFormed()}…`;
