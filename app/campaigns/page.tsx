import type { Metadata } from "next";
import { listCampaigns } from "@/lib/server/reads";
import { CampaignTable } from "@/components/campaign/campaign-table";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";
import type { SearchParams } from "../address";

export const metadata: Metadata = { title: "Campaigns" };

export default async function CampaignsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listCampaigns(cursor));
  return (
    <ListPage
      title="Campaigns"
      about="A campaign repeats exploring and training: each iteration lets the newest checkpoint explore, and freezes what to train the next one on."
      make={{ href: "/campaigns/new", label: "Begin a campaign" }}
      empty={{
        title: "No campaign yet",
        text: "Have an expert’s trajectories in an environment with a driver, solved and failed ones, then begin: the first iteration explores with the agent you have.",
        other: { href: "/import", label: "Import trajectories" },
      }}
      path="/campaigns"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : <CampaignTable rows={rows} />}
    </ListPage>
  );
}
