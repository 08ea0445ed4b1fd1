"use client";
import Link from "next/link";
import type { QueueDesk } from "@/lib/server/queues";
import { VoteList } from "@/components/queue/vote-list";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/components/ui/numbers";
import type { Unsaved } from "./outbox-kept";
import { useQueueWork } from "./use-queue-work";

/** Where the person is in a review queue, and how to go on; every key as a button. */
export function QueueBar(props: {
  desk: QueueDesk;
  unsaved: Unsaved[];
  go: (href: string | null) => void;
  onSelect: (stepIndex: number) => void;
}) {
  const { desk, unsaved, go, onSelect } = props;
  const { queue, item, progress, adjudicating, votes } = desk;
  const work = useQueueWork(desk, unsaved, go);
  const through = item.state === "done" || item.state === "skipped" || adjudicating;
  return (
    <section aria-label="Review queue" className="shrink-0 border-b border-line bg-sunken px-6 text-sm">
      <div className="flex h-10 items-center gap-3">
        <Link href={`/queues/${queue.queueId}`} className="max-w-[32ch] truncate font-medium hover:underline">
          {queue.name}
        </Link>
        {adjudicating ? (
          <Badge tone="warn">adjudicating</Badge>
        ) : (
          <span className="text-ink-2">
            {formatCount(progress.done)} of {formatCount(queue.items)} done
            {progress.skipped > 0 ? `, ${formatCount(progress.skipped)} skipped` : ""}
          </span>
        )}
        {item.blind && !adjudicating ? (
          <Badge tone="accent">{item.state === "done" ? "verdicts revealed" : "verdicts hidden"}</Badge>
        ) : null}
        <span role="status" className="ml-auto text-xs text-ink-2">
          {work.busy ? "loading the next…" : work.waiting ? "saving your votes…" : ""}
        </span>
        {desk.skipped === null ? null : (
          <Button size="sm" variant="quiet" disabled={work.busy} onClick={work.takeBack}>
            Take back trajectory {desk.skipped} <Kbd>S</Kbd>
          </Button>
        )}
        {through ? null : (
          <Button size="sm" disabled={work.busy} onClick={work.skip}>
            Skip <Kbd>s</Kbd>
          </Button>
        )}
        <Button size="sm" variant="primary" disabled={work.busy} onClick={work.next}>
          {adjudicating ? "Next dispute" : through ? "Next" : "Done, next"} <Kbd>Ctrl Enter</Kbd>
        </Button>
      </div>
      {work.failure ? (
        <div className="pb-2">
          <FailureNote failure={work.failure} />
        </div>
      ) : null}
      {votes.length > 0 ? <VoteList votes={votes} onSelect={onSelect} /> : null}
    </section>
  );
}
