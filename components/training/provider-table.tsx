/** `ProviderTable`: one line per provider; keys are never shown. */
import Link from "next/link";
import type { TrainingProviderRow } from "@/lib/core/training-store";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { kindWords } from "./training-words";

/** `trains` says where and how it trains, in a sentence. */
export type ListedProvider = TrainingProviderRow & { trains: string };

export function ProviderTable({ rows }: { rows: ListedProvider[] }) {
  return (
    <Table caption="Providers">
      <thead>
        <tr>
          <Th className="min-w-48">Provider</Th>
          <Th>Kind</Th>
          <Th className="w-[56%]">Where it trains</Th>
          <Th>Key</Th>
          <Th>
            <span className="sr-only">Change</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.providerId}>
            <Td className="font-medium">{row.name}</Td>
            <Td>
              <Badge>{kindWords[row.kind]}</Badge>
            </Td>
            <Td truncate className="text-ink-2" title={row.trains}>
              {row.trains}
            </Td>
            <Td className="text-ink-2">{row.hasSecret ? "stored" : "none"}</Td>
            <Td align="end">
              <Link
                href={`/training/providers/${row.providerId}`}
                aria-label={`Change ${row.name}`}
                className="text-ink-2 underline underline-offset-2 hover:text-ink"
              >
                Change
              </Link>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
