import Link from "next/link";
import type { ReactNode } from "react";
import type { Overview } from "@/lib/core/rows";
import { DatasetCard } from "@/lib/core/dataset";
import { listDatasets, listRuns, overview } from "@/lib/server/reads";
import { ExpertOutcomes } from "@/components/charts/expert-outcomes";
import { NowSolvable } from "@/components/charts/now-solvable";
import { ReviewProgress } from "@/components/charts/review-progress";
import { VerdictCounts } from "@/components/charts/verdict-counts";
import { DatasetTable } from "@/components/dataset/dataset-table";
import { RunTable } from "@/components/run/run-table";
import { ButtonLink } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCapped } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/section";
import { FirstSteps } from "./first-steps";
import { nextStep } from "./next-step";
import { LiveRunLine } from "./runs/live-run-line";

const NEWEST = 5;

export default async function OverviewPage() {
  const [facts, runs, datasets] = await Promise.all([overview(), listRuns(null), listDatasets(null)]);
  const next = nextStep(facts);
  if (facts.counts.trajectories === 0)
    return (
      <>
        <PageHeader title="Overview" meta="Turn failed expert trajectories into training data." />
        <FirstSteps />
      </>
    );
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Overview"
        meta={<Counts counts={facts.counts} />}
        action={
          <ButtonLink href={next.href} variant="primary">
            {next.label}
          </ButtonLink>
        }
      />
      <Questions facts={facts} />
      {runs.rows.length > 0 ? (
        <Newest id="runs" title="Newest runs" href="/runs">
          <RunTable>
            {runs.rows.slice(0, NEWEST).map(({ progress, ...run }) => (
              <LiveRunLine key={run.runId} run={run} progress={progress} />
            ))}
          </RunTable>
        </Newest>
      ) : null}
      {datasets.rows.length > 0 ? (
        <Newest id="datasets" title="Newest datasets" href="/datasets">
          <DatasetTable
            rows={datasets.rows
              .slice(0, NEWEST)
              .map((row) => ({ ...row, card: DatasetCard.parse(row.card) }))}
          />
        </Newest>
      ) : null}
    </div>
  );
}

function Counts({ counts }: Pick<Overview, "counts">) {
  const shown = (count: number) => formatCapped({ count, capped: counts.capped });
  return (
    <Facts>
      <Fact name="trajectories">{shown(counts.trajectories)}</Fact>
      <Fact name="runs">{shown(counts.runs)}</Fact>
      <Fact name="rollouts">{shown(counts.rollouts)}</Fact>
      <Fact name="datasets">{shown(counts.datasets)}</Fact>
    </Facts>
  );
}

function Questions({ facts }: { facts: Overview }) {
  const mined = Object.values(facts.verdicts).some((count) => count > 0);
  const failures = facts.environments.some((e) => e.expertFailed > 0);
  const panels = [
    {
      href: "/trajectories",
      label: "See the failures",
      chart: <ExpertOutcomes environments={facts.environments} />,
    },
    {
      href: failures ? "/trajectories?review=unmined" : "/import",
      label: failures ? "See what is not mined yet" : "Import failures",
      chart: failures ? (
        <NowSolvable environments={facts.environments} />
      ) : (
        <Unanswered title="How much of it became solvable?" text="No expert failure is here yet." />
      ),
    },
    {
      href: mined ? "/trajectories?verdict=harmful" : "/runs/new",
      label: mined ? "See what was harmful" : "Mine the failures",
      chart: mined ? (
        <VerdictCounts title="What did mining say?" counts={facts.verdicts} />
      ) : (
        <Unanswered title="What did mining say?" text="Nothing has been mined yet." />
      ),
    },
    {
      href: "/trajectories?review=pending",
      label: "See what waits for review",
      chart:
        facts.review.toReview > 0 ? (
          <ReviewProgress review={facts.review} />
        ) : (
          <Unanswered title="How much is reviewed?" text="Nothing waits for review yet." />
        ),
    },
  ];
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {[panels.slice(0, 2), panels.slice(2)].map((column, i) => (
        <div key={i} className="flex min-w-0 flex-col gap-4 *:grow">
          {column.map(({ href, label, chart }) => (
            <Panel key={label}>
              <div className="flex h-full flex-col gap-3 p-4">
                {chart}
                <Link
                  href={href}
                  className="mt-auto self-start text-xs text-ink-2 underline underline-offset-2 hover:text-ink"
                >
                  {label}
                </Link>
              </div>
            </Panel>
          ))}
        </div>
      ))}
    </div>
  );
}

function Unanswered({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h2 className="text-sm font-medium">{title}</h2>
      <p className="mt-1 text-sm text-ink-2">{text}</p>
    </>
  );
}

function Newest(props: { id: string; title: string; href: string; children: ReactNode }) {
  const { id, title, href, children } = props;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <div className="flex items-baseline gap-3">
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        <Link href={href} className="text-xs text-ink-2 underline underline-offset-2 hover:text-ink">
          all
        </Link>
      </div>
      {children}
    </section>
  );
}
