/** `CoveredTable`: the tasks the expert failed: how often, what solved them first, and whether people approved it. */
import { Check, CircleDashed, Unlock } from "lucide-react";
import Link from "next/link";
import type { CoverageState, CoveredSubtask } from "@/lib/core/coverage";
import { VisibleText } from "@/components/trajectory/text-block";
import { clampText } from "@/components/trajectory/visible-text";
import { formatCount, formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { coverageWords } from "./coverage-words";

const icons = { approved: Check, solved: Unlock, remaining: CircleDashed } as const;

export function CoveredTable({ rows }: { rows: CoveredSubtask[] }) {
  return (
    <Table caption="Tasks the expert failed">
      <thead>
        <tr>
          <Th>Task</Th>
          <Th className="w-full">Instruction</Th>
          <Th>Environment</Th>
          <Th>Type</Th>
          <Th align="end">Expert failed</Th>
          <Th>Now</Th>
          <Th>Solved first by</Th>
          <Th align="end">Best reward</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.subtaskId}>
            <Td className="font-medium whitespace-nowrap">
              <Link
                href={`/trajectories?source=any&outcome=any&subtask=${row.subtaskId}`}
                className="inline-block max-w-[28ch] truncate align-bottom hover:underline"
                title={clampText(row.subtaskKey, 300)}
              >
                <VisibleText text={clampText(row.subtaskKey, 120)} />
              </Link>
            </Td>
            <Td truncate className="min-w-40 text-ink-2" title={clampText(row.instruction, 2000)}>
              <VisibleText text={clampText(row.instruction, 300)} />
            </Td>
            <Td className="whitespace-nowrap">{row.environment}</Td>
            <Td className="whitespace-nowrap">{row.taskType ?? <span className="text-ink-3">–</span>}</Td>
            <Td align="end">
              <Link href={`/trajectories?subtask=${row.subtaskId}`} className="hover:underline">
                {formatCount(row.failed)} of {formatCount(row.experts)}
                <span className="sr-only"> trajectories</span>
              </Link>
            </Td>
            <Td className="whitespace-nowrap">
              <CoverageMark state={row.state} />
            </Td>
            <Td className="whitespace-nowrap">
              <SolvedBy row={row} />
            </Td>
            <Td align="end">{formatReward(row.bestReward)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function CoverageMark({ state }: { state: CoverageState }) {
  const Icon = icons[state];
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon
        aria-hidden
        className={state === "remaining" ? "size-3.5 text-ink-3" : "size-3.5 text-beneficial"}
      />
      {coverageWords[state]}
    </span>
  );
}

function SolvedBy({ row: { solvedBy } }: { row: CoveredSubtask }) {
  if (solvedBy === null) return <span className="text-ink-3">nothing yet</span>;
  const { runId, run, trajectoryId, stateIndex } = solvedBy;
  const from = stateIndex === null ? null : `, from state ${stateIndex}`;
  return (
    <>
      <Link
        href={`/trajectories/${trajectoryId}?run=${runId}`}
        className="inline-block max-w-[24ch] truncate align-bottom hover:underline"
        title={run}
      >
        {run}
      </Link>
      {from}
    </>
  );
}
