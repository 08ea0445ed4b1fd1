import Link from "next/link";
import type { ReactNode } from "react";
import type { Overview } from "@/lib/core/rows";
import { DatasetCard } from "@/lib/core/dataset";
import { listDatasets, listRuns, overview, reviewAndCost } from "@/lib/server/reads";
import { CostPerSolved } from "@/components/charts/cost-per-solved";
import { ExpertOutcomes } from "@/components/charts/expert-outcomes";
import { NowSolvable } from "@/components/charts/now-solvable";
import { ReviewProgress } from "@/components/charts/review-progress";
import { VerdictCounts } from "@/components/charts/verdict-counts";
import { VetoRate } from "@/components/charts/veto-rate";
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
  const [facts, spent, runs, datasets] = await Promise.all([
    overview(),
    reviewAndCost(),
    listRuns(null),
    listDatasets(null),
  ]);
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
      <Questions facts={facts} {...spent} />
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

type Asked = { facts: Overview } & Awaited<ReturnType<typeof reviewAndCost>>;

function Questions({ facts, vetoes, spent }: Asked) {
  const mined = Object.values(facts.verdicts).some((count) => count > 0);
  const failures = facts.environments.some((e) => e.expertFailed > 0);
  const panels = [
    {
      href: "/trajectories",
      label: "See the failures",
      chart: <ExpertOutcomes environments={facts.environments} />,
    },
    {
      href: failures ? "/coverage" : "/import",
      label: failures ? "See which tasks are solved now" : "Import failures",
      chart: failures ? (
        <NowSolvable environments={facts.environments} />
      ) : (
        <Unanswered title="How much of it became solvable?" text="No expert failure is here yet." />
      ),
    },
    {
      href: "/runs",
      label: "See what the runs cost",
      chart:
        spent.length > 0 ? (
          <CostPerSolved runs={spent} />
        ) : (
          <Unanswered
            title="What does one newly solved task cost?"
            text="No run that mined is finished yet."
          />
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
    {
      href: "/trajectories?review=complete",
      label: "See what is decided",
      chart:
        vetoes.length > 0 ? (
          <VetoRate vetoes={vetoes} />
        ) : (
          <Unanswered
            title="How often do people veto what mining proposes?"
            text="Nobody has decided anything yet."
          />
        ),
    },
  ];
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {[panels.slice(0, 3), panels.slice(3)].map((column, i) => (
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
