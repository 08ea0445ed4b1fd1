/** `SubtaskTable`: the tasks of an environment in its own order: what is asked, the best that can be reached, what was played. */
import Link from "next/link";
import type { SubtaskRow } from "@/lib/core/rows";
import { VisibleText } from "@/components/trajectory/text-block";
import { clampText } from "@/components/trajectory/visible-text";
import { formatCount, formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

export function SubtaskTable({ environmentId, rows }: { environmentId: number; rows: SubtaskRow[] }) {
  return (
    <Table caption="Tasks">
      <thead>
        <tr>
          <Th>Task</Th>
          <Th className="w-full">Instruction</Th>
          <Th>Kind</Th>
          <Th>Split</Th>
          <Th align="end">Best reward</Th>
          <Th align="end">Trajectories</Th>
          <Th align="end">Solved</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.subtaskId}>
            <Td className="font-medium whitespace-nowrap">
              <span className="inline-block max-w-[32ch] truncate align-bottom">{row.subtaskKey}</span>
            </Td>
            <Td truncate className="text-ink-2" title={clampText(row.instruction, 2000)}>
              <VisibleText text={clampText(row.instruction, 300)} />
            </Td>
            <Td className="whitespace-nowrap">{row.taskType ?? "–"}</Td>
            <Td>{row.split ?? "–"}</Td>
            <Td align="end">{formatReward(row.bestReward)}</Td>
            <Td align="end">
              {row.trajectories === 0 ? (
                <span className="text-ink-3">0</span>
              ) : (
                <Link
                  href={`/trajectories?source=any&outcome=any&environment=${environmentId}&text=${encodeURIComponent(row.subtaskKey)}`}
                  className="hover:underline"
                >
                  {formatCount(row.trajectories)}
                </Link>
              )}
            </Td>
            <Td align="end">{formatCount(row.solved)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
