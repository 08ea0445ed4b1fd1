/** `TokenTable`: one line per token that works; the token itself is never there. */
import type { ApiTokenRow } from "@/lib/core/api-token";
import { Button } from "@/components/ui/button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { scopeWords } from "./scope-words";

export function TokenTable(props: {
  rows: ApiTokenRow[];
  pending: boolean;
  onRevoke: (row: ApiTokenRow) => void;
}) {
  return (
    <Table caption="API tokens">
      <thead>
        <tr>
          <Th className="w-[32%]">For</Th>
          <Th>Acts as</Th>
          <Th>May</Th>
          <Th>Made</Th>
          <Th>Last used</Th>
          <Th>
            <span className="sr-only">Change</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <Tr key={row.tokenId}>
            <Td className="font-medium break-words">{row.name}</Td>
            <Td className="text-ink-2">{row.person}</Td>
            <Td className="text-ink-2">{scopeWords[row.scope]}</Td>
            <Td className="text-ink-2">
              <Time at={row.createdAt} />
            </Td>
            <Td className="whitespace-nowrap text-ink-2">{usedWords(row.lastUsedAt)}</Td>
            <Td align="end">
              <Button
                size="sm"
                variant="danger"
                disabled={props.pending}
                aria-label={`Revoke ${row.name}`}
                onClick={() => props.onRevoke(row)}
              >
                Revoke
              </Button>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Only the hour is known, so no more is said. */
function usedWords(at: Date | null): string {
  return at === null ? "never" : `${at.toISOString().slice(0, 10)}, ${at.toISOString().slice(11, 13)} h UTC`;
}
