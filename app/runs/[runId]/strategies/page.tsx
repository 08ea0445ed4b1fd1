import type { Metadata } from "next";
import { compareStrategies, getRun } from "@/lib/server/reads";
import { StrategyDisagreements, StrategyTotals } from "@/components/run/strategy-totals";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { found, idOf } from "../../../found";

type Props = { params: Promise<{ runId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Strategies · run ${(await params).runId}` };
}

export default async function StrategiesPage({ params }: Props) {
  const runId = idOf((await params).runId);
  const run = await found(getRun(runId));
  const { trajectories, totals, disagreements } = await compareStrategies(runId);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="What would other strategies train on?"
        back={{ href: `/runs/${runId}`, label: run.name }}
        meta={`The ${trajectories} finished trajectories of this run, before any review. A critic speaks only where one was asked.`}
      />
      {trajectories === 0 ? (
        <EmptyState title="No trajectory is finished yet" text="Come back when the run has got further." />
      ) : (
        <>
          <StrategyTotals totals={totals} trajectories={trajectories} />
          <StrategyDisagreements runId={runId} of={disagreements} />
        </>
      )}
    </div>
  );
}
