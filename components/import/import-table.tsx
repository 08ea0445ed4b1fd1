/** `ImportTable`: one line per import. */
import Link from "next/link";
import type { ImportRow } from "@/lib/core/rows";
import { Badge, type Tone } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { formatWords } from "./format-words";

const tones: Record<ImportRow["state"], Tone> = { storing: "accent", stored: "good", failed: "bad" };

export function ImportStateBadge({ state }: Pick<ImportRow, "state">) {
  return <Badge tone={tones[state]}>{state}</Badge>;
}

export function ImportTable({ rows }: { rows: ImportRow[] }) {
  return (
    <Table caption="Imports">
      <thead>
        <tr>
          <Th className="w-[34%] min-w-56">File</Th>
          <Th>Holds</Th>
          <Th>Format</Th>
          <Th>State</Th>
          <Th align="end">Stored</Th>
          <Th align="end">Duplicates</Th>
          <Th align="end">Rejected</Th>
          <Th>By</Th>
          <Th align="end">When</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.importId}>
            <Td truncate>
              <Link
                href={`/import/${row.importId}`}
                className="font-medium hover:underline"
                title={row.fileName}
              >
                {row.fileName}
              </Link>
            </Td>
            <Td>{row.kind}</Td>
            <Td className="text-ink-2">{row.format === null ? "–" : formatWords(row.format)}</Td>
            <Td>
              <ImportStateBadge state={row.state} />
            </Td>
            <Td align="end">{formatCount(row.stored)}</Td>
            <Td align="end">{formatCount(row.duplicates)}</Td>
            <Td align="end">{formatCount(row.rejected)}</Td>
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
