/** `QueueTable`: one line per review queue: how far it is, what waits, and who is asked. */
import Link from "next/link";
import type { QueueRow } from "@/lib/core/queue-store";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

export function QueueTable({ rows }: { rows: QueueRow[] }) {
  return (
    <Table caption="Review queues">
      <thead>
        <tr>
          <Th className="w-[34%] min-w-48">Queue</Th>
          <Th className="w-48">Complete</Th>
          <Th align="end">Of</Th>
          <Th>Disputed</Th>
          <Th align="end">People each</Th>
          <Th>Who</Th>
          <Th>By</Th>
          <Th align="end">Made</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((queue) => (
          <Tr key={queue.queueId}>
            <Td truncate>
              <Link
                href={`/queues/${queue.queueId}`}
                className="font-medium hover:underline"
                title={queue.name}
              >
                {queue.name}
              </Link>
            </Td>
            <Td>
              <QueueProgress queue={queue} />
            </Td>
            <Td align="end">{formatCount(queue.items)}</Td>
            <Td>
              {queue.disputed > 0 ? (
                <Badge tone="warn">{formatCount(queue.disputed)} disputed</Badge>
              ) : (
                <span className="text-ink-3">none</span>
              )}
            </Td>
            <Td align="end">{queue.reviewers}</Td>
            <Td truncate className="min-w-24 text-ink-2" title={queue.people.join(", ")}>
              {queue.people.length === 0 ? "anybody" : queue.people.join(", ")}
            </Td>
            <Td className="text-ink-2">{queue.createdBy}</Td>
            <Td align="end" className="text-ink-2">
              <Time at={queue.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Trajectories that everybody asked for is done with, disputed ones apart. */
export function QueueProgress({ queue }: { queue: QueueRow }) {
  const disputed = Math.min(queue.disputed, queue.complete);
  return (
    <ProgressBar
      label={`Progress of ${queue.name}`}
      total={queue.items}
      parts={[
        { count: queue.complete - disputed, tone: "accent", word: "complete" },
        { count: disputed, tone: "bad", word: "disputed" },
      ]}
    />
  );
}
