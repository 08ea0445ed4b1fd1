import type { Metadata } from "next";
import { listCampaigns } from "@/lib/server/reads";
import { CampaignTable } from "@/components/campaign/campaign-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../trajectories/filter";

export const metadata: Metadata = { title: "Campaigns" };

export default async function CampaignsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listCampaigns(cursor));
  const begin = (
    <ButtonLink href="/campaigns/new" variant="primary">
      Begin a campaign
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Campaigns"
        meta="A campaign repeats exploring and training: each iteration lets the newest checkpoint explore, and freezes what to train the next one on."
        action={begin}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="No campaign yet"
          text="Have an expert’s trajectories in an environment with a driver, solved and failed ones, then begin: the first iteration explores with the agent you have."
        >
          {begin}
          <ButtonLink href="/import">Import trajectories</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <CampaignTable rows={rows} />
          <Pager
            label="Pages of campaigns"
            first={cursor === null ? null : "/campaigns"}
            next={next === null ? null : `/campaigns?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
