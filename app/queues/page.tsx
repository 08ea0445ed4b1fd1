import type { Metadata } from "next";
import { listQueues } from "@/lib/server/queues";
import { QueueTable } from "@/components/queue/queue-table";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";
import type { SearchParams } from "../address";

export const metadata: Metadata = { title: "Review queues" };

export default async function QueuesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listQueues(cursor));
  return (
    <ListPage
      title="Review queues"
      about="A queue hands chosen trajectories to people one after another, each to as many as you ask for, and shows how well they agree."
      make={{ href: "/queues/new", label: "Make a queue" }}
      also={{ href: "/reviews", label: "All decisions" }}
      empty={{
        title: "No review queue yet",
        text: "Filter the trajectories to what should be judged, then make a queue of these: everybody gets the next one by one key, and nobody the same one twice.",
        other: { href: "/trajectories?review=pending", label: "Trajectories to review" },
      }}
      path="/queues"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : <QueueTable rows={rows} />}
    </ListPage>
  );
}
