import type { Metadata } from "next";
import { listFacets, listTrajectories } from "@/lib/server/reads";
import { filterWords } from "@/components/run/selection-words";
import { formatCapped } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { found } from "../../found";
import type { SearchParams } from "../../address";
import { parseView, viewHref } from "../../trajectories/filter";
import { NewQueue } from "./new-queue";

export const metadata: Metadata = { title: "New review queue" };

export default async function NewQueuePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const view = parseView(await searchParams);
  const [facets, { count }] = await Promise.all([
    listFacets(),
    found(listTrajectories(view.filter, view.sort, null)),
  ]);
  return (
    <>
      <PageHeader
        title="Make a review queue"
        back={{ href: "/queues", label: "Queues" }}
        meta="What matches now is frozen in the list’s order. Trajectories that no run has looked at are left out."
      />
      <NewQueue
        filter={view.filter}
        sort={view.sort}
        words={`${formatCapped(count)} ${filterWords(view.filter, facets)}, ${view.sort} first`}
        listHref={viewHref("/trajectories", view)}
      />
    </>
  );
}
