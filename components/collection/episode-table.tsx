/** `EpisodeTable`: the episodes of a collection in the order they are played, each with the way to its trajectory. */
import Link from "next/link";
import type { EpisodeRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { episodeWords } from "./collection-words";

export function EpisodeTable({ rows }: { rows: EpisodeRow[] }) {
  return (
    <Table caption="Episodes of this collection">
      <thead>
        <tr>
          <Th className="w-40">Subtask</Th>
          <Th className="w-[44%] min-w-56">Instruction</Th>
          <Th align="end">Attempt</Th>
          <Th>Outcome</Th>
          <Th align="end">Reward</Th>
          <Th align="end">Steps</Th>
          <Th align="end">Model calls</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.episodeId} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row }: { row: EpisodeRow }) {
  const { word, tone } = episodeWords(row);
  const key = "font-mono text-xs";
  return (
    <Tr>
      <Td truncate title={row.taskType === null ? row.subtaskKey : `${row.taskType} · ${row.subtaskKey}`}>
        {row.trajectoryId === null ? (
          <span className={key}>{row.subtaskKey}</span>
        ) : (
          <Link href={`/trajectories/${row.trajectoryId}`} className={`${key} font-medium hover:underline`}>
            {row.subtaskKey}
          </Link>
        )}
      </Td>
      <Td truncate className="text-ink-2" title={row.errorMessage ?? row.instruction}>
        {row.errorMessage ?? row.instruction}
      </Td>
      <Td align="end">{row.attempt + 1}</Td>
      <Td>
        <span className="flex items-center gap-1.5">
          <Badge tone={tone}>{word}</Badge>
          {row.duplicate ? (
            <Badge title="The very same trajectory was stored before; it is kept once.">already there</Badge>
          ) : null}
        </span>
      </Td>
      <Td align="end">{row.status === "completed" ? formatReward(row.reward) : ""}</Td>
      <Td align="end">{row.stepCount ?? ""}</Td>
      <Td align="end">{row.calls}</Td>
    </Tr>
  );
}
