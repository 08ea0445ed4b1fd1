/** `Rejections`: lines that could not be read: line, byte where it begins (from 0), why, with their beginning as it was sent. */
import type { Rejection } from "@/lib/core/rows";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { VisibleText } from "@/components/trajectory/text-block";

export function Rejections({ rows }: { rows: Rejection[] }) {
  return (
    <Table caption="Rejected lines">
      <thead>
        <tr>
          <Th align="end" className="w-16">
            Line
          </Th>
          <Th align="end" className="w-24">
            Byte
          </Th>
          <Th className="w-1/2">Reason</Th>
          <Th>Begins with</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Tr key={index}>
            <Td align="end">{formatCount(row.line)}</Td>
            <Td align="end">{formatCount(row.byteOffset)}</Td>
            <Td className="[overflow-wrap:anywhere] whitespace-pre-line">
              <VisibleText text={row.reason} />
            </Td>
            <Td truncate className="font-mono text-xs text-ink-2">
              <VisibleText text={row.sample.slice(0, 200)} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
