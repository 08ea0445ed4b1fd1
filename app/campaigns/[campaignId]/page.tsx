import type { Metadata } from "next";
import { campaignView, listPolicies, policyTrainedOn } from "@/lib/server/reads";
import { exploreWords, nextWords } from "@/components/campaign/campaign-words";
import { IterationTable } from "@/components/campaign/iteration-table";
import { CoverageByIteration } from "@/components/charts/coverage-by-iteration";
import { StartAgainstStates } from "@/components/charts/start-against-states";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { found, idOf } from "../../found";
import { FreezeDataset } from "./freeze-dataset";
import { KeepFresh } from "./keep-fresh";
import { NextIteration } from "./next-iteration";

type Props = { params: Promise<{ campaignId: string }> };
type View = Awaited<ReturnType<typeof campaignView>>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Campaign ${(await params).campaignId}` };
}

export default async function CampaignPage({ params }: Props) {
  const campaignId = idOf((await params).campaignId);
  const [view, policies] = await Promise.all([found(campaignView(campaignId)), listPolicies()]);
  const datasetId = view.iterations.at(-1)?.datasetId ?? null;
  const trained = datasetId === null ? null : await policyTrainedOn(datasetId);
  const { campaign, experts, iterations } = view;
  const figures = iterations.map((each) => each.figures);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={campaign.name}
        back={{ href: "/campaigns", label: "Campaigns" }}
        meta={<CampaignFacts view={view} />}
        action={
          <ButtonLink href={`/trajectories?source=expert&environment=${campaign.environmentId}`}>
            The expert’s trajectories
          </ButtonLink>
        }
      />
      <Next view={view} policies={policies} trained={trained?.policyId ?? null} />
      {iterations.length === 0 ? (
        <EmptyState
          title="Nothing has explored yet"
          text="Choose the checkpoint to begin with: the agent fine-tuned on the expert’s successes, or the agent as it is."
        >
          {null}
        </EmptyState>
      ) : (
        <>
          <IterationTable iterations={iterations} solvedByExpert={experts.solved} />
          <div className="grid gap-4 lg:grid-cols-2">
            <Panel>
              <div className="p-4">
                <CoverageByIteration figures={figures} />
              </div>
            </Panel>
            <Panel>
              <div className="p-4">
                <StartAgainstStates figures={figures} />
              </div>
            </Panel>
          </div>
        </>
      )}
    </div>
  );
}

function CampaignFacts({ view: { campaign, experts } }: { view: View }) {
  return (
    <Facts>
      <Fact name="environment">{campaign.environment}</Fact>
      <Fact name="expert">{campaign.model ?? "any"}</Fact>
      <Fact name="solved">{formatCount(experts.solved)}</Fact>
      <Fact name="failed">{formatCount(experts.failed)}</Fact>
      <Fact name="each iteration">{exploreWords(campaign)}</Fact>
      <Fact name="by">{campaign.createdBy}</Fact>
      <Fact name="begun">
        <Time at={campaign.createdAt} />
      </Fact>
    </Facts>
  );
}

type NextProps = {
  view: View;
  policies: Awaited<ReturnType<typeof listPolicies>>;
  /** The policy that was trained on the newest dataset here. */
  trained: number | null;
};

/** The one thing to do next. */
function Next({ view: { campaign, iterations }, policies, trained }: NextProps) {
  const { campaignId } = campaign;
  const newest = iterations.at(-1);
  const next = nextWords(iterations);
  if (newest && next === "explore")
    return <KeepFresh iteration={newest.iteration} checkpoint={newest.checkpoint} />;
  if (newest && next === "freeze")
    return <FreezeDataset campaignId={campaignId} iteration={newest.iteration} />;
  const choices = policies.map(({ policyId, name }) => ({ policyId, name }));
  return (
    <NextIteration
      key={`${iterations.length} ${trained}`}
      campaignId={campaignId}
      iteration={iterations.length}
      before={newest?.policyId ?? null}
      datasetId={newest?.datasetId ?? null}
      trained={trained}
      policies={choices}
    />
  );
}
