import type { Metadata } from "next";
import { listCollections } from "@/lib/server/reads";
import { CollectionTable } from "@/components/collection/collection-table";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";
import type { SearchParams } from "../address";
import { LiveCollectionLine } from "./live-collection-line";

export const metadata: Metadata = { title: "Collections" };

export default async function CollectionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listCollections(cursor));
  return (
    <ListPage
      title="Collections"
      about="A collection lets a policy play chosen subtasks of an environment, and stores every episode as a trajectory."
      make={{ href: "/collections/new", label: "Collect trajectories" }}
      empty={{
        title: "Nothing has been collected yet",
        text: "Let an expert’s model, your agent or a built-in policy play subtasks of an environment. Trajectories recorded elsewhere can be imported instead.",
        other: { href: "/import", label: "Import trajectories" },
      }}
      path="/collections"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : (
        <CollectionTable>
          {rows.map(({ progress, ...collection }) => (
            <LiveCollectionLine key={collection.collectionId} collection={collection} progress={progress} />
          ))}
        </CollectionTable>
      )}
    </ListPage>
  );
}
