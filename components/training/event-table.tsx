/** `EventTable`: what happened in a training, newest first. The messages are the provider's: shown as text, named where hidden. */
import type { TrainingEvent } from "@/lib/core/training-store";
import { VisibleText } from "@/components/trajectory/text-block";
import { Badge, type Tone } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

const tones: Record<TrainingEvent["level"], Tone> = { info: "neutral", warn: "warn", error: "bad" };

export function EventTable({ rows }: { rows: TrainingEvent[] }) {
  return (
    <Table caption="Events of this training">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Level</Th>
          <Th align="end">Step</Th>
          <Th align="end">Loss</Th>
          <Th className="w-full">Message</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.eventId}>
            <Td className="text-ink-2">
              <Time at={row.at} />
            </Td>
            <Td>
              <Badge tone={tones[row.level]}>{row.level}</Badge>
            </Td>
            <Td align="end">{row.step ?? "–"}</Td>
            <Td align="end">{row.loss === null ? "–" : lossText(row.loss)}</Td>
            <Td className="[overflow-wrap:anywhere]">
              <VisibleText text={row.message} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Four digits tell losses apart. */
export const lossText = (loss: number): string => String(Number(loss.toPrecision(4)));
