/** `DatasetTable`: one line per frozen dataset. */
import Link from "next/link";
import type { DatasetCard } from "@/lib/core/dataset";
import type { DatasetRow } from "@/lib/core/rows";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { policyWords } from "./dataset-words";

export type ListedDataset = Omit<DatasetRow, "card"> & { card: DatasetCard };

export function DatasetTable({ rows }: { rows: ListedDataset[] }) {
  return (
    <Table caption="Datasets">
      <thead>
        <tr>
          <Th className="w-[34%] min-w-56">Dataset</Th>
          <Th align="end">Examples</Th>
          <Th align="end">Turns trained</Th>
          <Th>Expert actions</Th>
          <Th>Environments</Th>
          <Th>Content</Th>
          <Th>By</Th>
          <Th align="end">Frozen</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.datasetId}>
            <Td truncate>
              <Link
                href={`/datasets/${row.datasetId}`}
                className="font-medium hover:underline"
                title={row.name}
              >
                {row.name}
              </Link>
              {row.version > 1 ? <span className="ml-2 text-xs text-ink-3">v{row.version}</span> : null}
            </Td>
            <Td align="end">{formatCount(row.exampleCount)}</Td>
            <Td align="end">{formatCount(row.card.trainedTurns)}</Td>
            <Td>{policyWords[row.reviewPolicy].word}</Td>
            <Td truncate className="min-w-32" title={row.card.environments.join(", ")}>
              {row.card.environments.join(", ")}
            </Td>
            <Td>
              <code className="text-xs text-ink-2" title={row.contentHash}>
                {row.contentHash.slice(0, 10)}
              </code>
            </Td>
            <Td className="text-ink-2">{row.createdBy}</Td>
            <Td align="end" className="text-ink-2">
              <Time at={row.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
