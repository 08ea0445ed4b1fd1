import type { Metadata } from "next";
import { listCollections } from "@/lib/server/reads";
import { CollectionTable } from "@/components/collection/collection-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../trajectories/filter";
import { LiveCollectionLine } from "./live-collection-line";

export const metadata: Metadata = { title: "Collections" };

export default async function CollectionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listCollections(cursor));
  const start = (
    <ButtonLink href="/collections/new" variant="primary">
      Collect trajectories
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Collections"
        meta="A collection lets a policy play chosen subtasks of an environment, and stores every episode as a trajectory."
        action={start}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="Nothing has been collected yet"
          text="Let an expert’s model, your agent or a built-in policy play subtasks of an environment. Trajectories recorded elsewhere can be imported instead."
        >
          {start}
          <ButtonLink href="/import">Import trajectories</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <CollectionTable>
            {rows.map(({ progress, ...collection }) => (
              <LiveCollectionLine key={collection.collectionId} collection={collection} progress={progress} />
            ))}
          </CollectionTable>
          <Pager
            label="Pages of collections"
            first={cursor === null ? null : "/collections"}
            next={next === null ? null : `/collections?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
