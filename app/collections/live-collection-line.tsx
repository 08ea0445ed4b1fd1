"use client";
import { useQuery } from "@tanstack/react-query";
import type { CollectionProgress, CollectionRow } from "@/lib/core/rows";
import { CollectionLine } from "@/components/collection/collection-table";
import { isLive } from "@/components/collection/collection-words";
import { collectionQuery } from "./queries";

type Props = { collection: CollectionRow; progress: CollectionProgress };

/** A line of the list that moves by itself while its collection does. */
export function LiveCollectionLine({ collection, progress }: Props) {
  const { data } = useQuery({
    ...collectionQuery(collection.collectionId),
    enabled: isLive(collection.state),
  });
  return <CollectionLine collection={data?.collection ?? collection} progress={data?.progress ?? progress} />;
}
