/** `RunTrajectories`: the trajectories of a run, each with what was found on it and the way to its review. */
import Link from "next/link";
import type { RunTrajectoryRow, TrajectoryListRow } from "@/lib/core/rows";
import { Badge, type Tone } from "@/components/ui/badge";
import { formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { VerdictMix } from "@/components/trajectory/verdict-mix";

export type MinedRow = RunTrajectoryRow &
  Pick<TrajectoryListRow, "instruction" | "subtaskKey" | "environment" | "stepCount" | "reward">;

export function RunTrajectories({ rows }: { rows: MinedRow[] }) {
  return (
    <Table caption="Trajectories of this run">
      <thead>
        <tr>
          <Th className="w-40">Subtask</Th>
          <Th className="w-[44%] min-w-56">Instruction</Th>
          <Th align="end">Reward</Th>
          <Th align="end">Steps</Th>
          <Th className="w-[24%] min-w-40">Actions found</Th>
          <Th>Review</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.trajectoryId} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row }: { row: MinedRow }) {
  return (
    <Tr>
      <Td truncate title={`${row.environment} · ${row.subtaskKey}`}>
        <Link
          href={`/trajectories/${row.trajectoryId}?run=${row.runId}`}
          className="font-mono text-xs font-medium hover:underline"
        >
          {row.subtaskKey}
        </Link>
      </Td>
      <Td truncate className="text-ink-2" title={row.instruction}>
        {row.instruction}
      </Td>
      <Td align="end">{formatReward(row.reward)}</Td>
      <Td align="end">{row.stepCount}</Td>
      <Td>{row.state === "done" ? <VerdictMix mix={row} /> : <State row={row} />}</Td>
      <Td className="text-xs whitespace-nowrap text-ink-2">{reviewWords(row)}</Td>
    </Tr>
  );
}

const states: Record<Exclude<RunTrajectoryRow["state"], "done">, { word: string; tone: Tone }> = {
  queued: { word: "queued", tone: "neutral" },
  running: { word: "running", tone: "accent" },
  errored: { word: "errored", tone: "bad" },
  cancelled: { word: "cancelled", tone: "warn" },
};

function State({ row }: { row: MinedRow }) {
  if (row.state === "done") return null;
  if (row.replay === "diverged") return <Badge tone="warn">replay diverged</Badge>;
  if (row.replay === "not_replayable") return <Badge tone="warn">cannot be replayed</Badge>;
  const { word, tone } = states[row.state];
  return (
    <Badge tone={tone} title={row.errorMessage ?? undefined}>
      {word}
    </Badge>
  );
}

function reviewWords({ state, review, reviewed, toReview }: MinedRow): string {
  if (state !== "done") return "";
  if (review === "none") return "nothing to review";
  return review === "complete" ? "reviewed" : `${reviewed} of ${toReview} decided`;
}
