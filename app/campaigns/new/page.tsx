import type { Metadata } from "next";
import { listFacets, playableEnvironments } from "@/lib/server/reads";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { NewCampaign } from "./new-campaign";

export const metadata: Metadata = { title: "New campaign" };

export default async function NewCampaignPage() {
  const [environments, { models }] = await Promise.all([playableEnvironments(), listFacets()]);
  const [first] = environments;
  return (
    <>
      <PageHeader
        title="Begin a campaign"
        back={{ href: "/campaigns", label: "Campaigns" }}
        meta="Every iteration lets a checkpoint play from the start of the training subtasks and from states along the expert’s failures, and keeps every success."
      />
      {first ? (
        <NewCampaign environments={environments} models={models} first={first.environmentId} />
      ) : (
        <EmptyState
          title="There is no environment to explore"
          text="A campaign needs an environment with a driver, and an expert’s trajectories in it."
        >
          <ButtonLink href="/environments/new" variant="primary">
            Add an environment
          </ButtonLink>
        </EmptyState>
      )}
    </>
  );
}
