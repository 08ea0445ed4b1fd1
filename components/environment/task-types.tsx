/** `TaskTypes`: the kinds of tasks of an environment, how many there are, and what was played of them. */
import Link from "next/link";
import type { TaskTypeRow } from "@/lib/core/rows";
import { formatCount, formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

export function TaskTypes({ environmentId, rows }: { environmentId: number; rows: TaskTypeRow[] }) {
  if (rows.length === 0) return <p className="text-sm text-ink-2">It has no tasks yet.</p>;
  return (
    <Table caption="Kinds of tasks">
      <thead>
        <tr>
          <Th className="w-full">Kind</Th>
          <Th align="end">Tasks</Th>
          <Th align="end">Best reward, mean</Th>
          <Th align="end">Trajectories</Th>
          <Th align="end">Expert failed</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ taskType, subtasks, bestReward, trajectories, failures }) => (
          <Tr key={taskType ?? ""}>
            <Td>
              <Link
                href={`/environments/${environmentId}/tasks${taskType === null ? "" : `?type=${encodeURIComponent(taskType)}`}`}
                className="font-medium hover:underline"
              >
                {taskType ?? "all of one kind"}
              </Link>
            </Td>
            <Td align="end">{formatCount(subtasks)}</Td>
            <Td align="end">{formatReward(bestReward)}</Td>
            <Td align="end">{formatCount(trajectories)}</Td>
            <Td align="end">{formatCount(failures)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
