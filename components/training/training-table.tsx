/** `TrainingTable`: one line per training: what is trained on what, where it stands, what came out. */
import Link from "next/link";
import type { TrainingRow } from "@/lib/core/training-store";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { stateWords } from "./training-words";

export function TrainingTable({ rows }: { rows: TrainingRow[] }) {
  return (
    <Table caption="Trainings">
      <thead>
        <tr>
          <Th className="w-[22%] min-w-44">Dataset</Th>
          <Th>State</Th>
          <Th align="end">Step</Th>
          <Th className="w-[18%] min-w-36">Model</Th>
          <Th>Provider</Th>
          <Th className="w-[22%] min-w-36">Policy</Th>
          <Th align="end">Started</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.trainingId} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row }: { row: TrainingRow }) {
  const { word, tone } = stateWords(row);
  return (
    <Tr>
      <Td truncate>
        <Link
          href={`/training/${row.trainingId}`}
          className="font-medium text-ink hover:underline"
          title={row.dataset}
        >
          {row.dataset}
        </Link>
      </Td>
      <Td>
        <Badge tone={tone}>{word}</Badge>
      </Td>
      <Td align="end">
        {row.step === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          `${formatCount(row.step)}${row.totalSteps === null ? "" : ` / ${formatCount(row.totalSteps)}`}`
        )}
      </Td>
      <Td truncate title={row.settings.model}>
        {row.settings.model}
      </Td>
      <Td className="whitespace-nowrap">{row.provider}</Td>
      <Td truncate title={row.policy ?? undefined}>
        {row.policy ?? <span className="text-ink-3">none yet</span>}
      </Td>
      <Td align="end" className="text-ink-2">
        <Time at={row.createdAt} />
      </Td>
    </Tr>
  );
}
