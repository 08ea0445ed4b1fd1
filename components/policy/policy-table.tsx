/** `PolicyTable`: one line per policy; built-in ones are marked, keys are never shown. */
import Link from "next/link";
import type { PolicyRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";

/** `acts` says what acts, in a sentence. */
export type ListedPolicy = PolicyRow & { acts: string };
export type PolicyKindWords = { kind: string; title: string; description: string };

export function PolicyTable({ rows }: { rows: ListedPolicy[] }) {
  return (
    <Table caption="Policies">
      <thead>
        <tr>
          <Th className="min-w-48">Policy</Th>
          <Th>Kind</Th>
          <Th className="w-[52%]">What acts</Th>
          <Th>Key</Th>
          <Th>
            <span className="sr-only">Change</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.policyId} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ row }: { row: ListedPolicy }) {
  const endpoint = row.kind === "openai";
  return (
    <Tr>
      <Td className="font-medium">{row.name}</Td>
      <Td className="whitespace-nowrap">
        {endpoint ? <Badge>endpoint</Badge> : <Badge tone="good">built in, no model</Badge>}
      </Td>
      <Td truncate className="text-ink-2" title={row.acts}>
        {row.acts}
      </Td>
      <Td className="text-ink-2">{endpoint ? (row.hasSecret ? "stored" : "none") : "–"}</Td>
      <Td align="end">
        {endpoint ? (
          <Link
            href={`/policies/${row.policyId}`}
            aria-label={`Change ${row.name}`}
            className="text-ink-2 underline underline-offset-2 hover:text-ink"
          >
            Change
          </Link>
        ) : null}
      </Td>
    </Tr>
  );
}
