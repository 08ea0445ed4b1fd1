import { campaignView, listCampaigns } from "@/lib/server/reads";
import { CoverageByIteration } from "@/components/charts/coverage-by-iteration";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { found } from "../found";
import { coverageHref, type CoverageView } from "./address";

const OFFERED = 6;

/** Coverage by iteration of a campaign, once one is chosen: its figures are added up from all of its rollouts. */
export async function Iterations({ view }: { view: CoverageView }) {
  const { rows } = await listCampaigns(null);
  const begun = rows.filter(({ iterations }) => iterations.length > 0).slice(0, OFFERED);
  if (begun.length === 0 && view.campaignId === null) return null;
  return (
    <Section title="By iteration of a campaign" note="Which iteration solved what the expert failed.">
      <nav aria-label="Campaigns" className="flex flex-wrap gap-2">
        {begun.map(({ campaignId, name }) => (
          <ButtonLink
            key={campaignId}
            size="sm"
            variant={campaignId === view.campaignId ? "primary" : "secondary"}
            aria-current={campaignId === view.campaignId ? "page" : undefined}
            href={coverageHref({
              ...view,
              campaignId: campaignId === view.campaignId ? null : campaignId,
            })}
          >
            {name}
          </ButtonLink>
        ))}
      </nav>
      {view.campaignId === null ? null : <Chart campaignId={view.campaignId} />}
    </Section>
  );
}

async function Chart({ campaignId }: { campaignId: number }) {
  const { iterations } = await found(campaignView(campaignId));
  return (
    <div className="pt-4">
      {iterations.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing has explored in this campaign yet.</p>
      ) : (
        <CoverageByIteration figures={iterations.map(({ figures }) => figures)} />
      )}
    </div>
  );
}
