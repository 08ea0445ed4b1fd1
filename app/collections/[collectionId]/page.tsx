import type { Metadata } from "next";
import { collectionEpisodes, collectionView } from "@/lib/server/reads";
import { EpisodeTable } from "@/components/collection/episode-table";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../../cursor";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";
import { CollectionDesk } from "./collection-desk";

type Props = { params: Promise<{ collectionId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Collection ${(await params).collectionId}` };
}

export default async function CollectionPage({ params, searchParams }: Props) {
  const collectionId = idOf((await params).collectionId);
  const cursor = cursorIn(await searchParams);
  const view = await found(collectionView(collectionId));
  const episodes = await found(collectionEpisodes(collectionId, cursor));
  const here = `/collections/${collectionId}`;
  return (
    <CollectionDesk key={collectionId} initial={view}>
      <section aria-labelledby="episodes" className="flex flex-col gap-2">
        <h2 id="episodes" className="text-base font-semibold">
          Its episodes
        </h2>
        <EpisodeTable rows={episodes.rows} />
        <Pager
          label="Pages of episodes"
          first={cursor === null ? null : here}
          next={episodes.next === null ? null : `${here}?cursor=${encodeURIComponent(episodes.next)}`}
        />
      </section>
    </CollectionDesk>
  );
}
