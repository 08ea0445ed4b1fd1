import type { Metadata } from "next";
import { coverage, coveredSubtasks } from "@/lib/server/reads";
import { CoverageNumbers } from "@/components/coverage/coverage-totals";
import { CoveredTable } from "@/components/coverage/covered-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../address";
import { coverageHref, parseCoverage, type CoverageView } from "./address";
import { CoverageFilters } from "./filters";
import { Groups } from "./groups";
import { Iterations } from "./iterations";

export const metadata: Metadata = { title: "Coverage" };

export default async function CoveragePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const asked = await searchParams;
  const view = parseCoverage(asked);
  const cursor = cursorIn(asked);
  const [{ counts, totals }, page] = await Promise.all([
    coverage(),
    found(coveredSubtasks(view.filter, view.sort, cursor)),
  ]);
  const header = (
    <PageHeader
      title="Coverage"
      meta="Tasks the expert failed and never solved: which are solved since, proved by a rollout from a state of a failed trajectory, and which remain."
      action={
        totals.remaining > 0 ? (
          <ButtonLink href="/trajectories?coverage=remaining" variant="primary">
            What is not solved yet
          </ButtonLink>
        ) : null
      }
    />
  );
  if (totals.failed === 0)
    return (
      <>
        {header}
        <NothingFailed />
      </>
    );
  return (
    <>
      {header}
      <div className="flex flex-col gap-4">
        <CoverageNumbers totals={totals} />
        <Groups counts={counts} />
        <Iterations view={view} />
        <section aria-labelledby="tasks" className="flex flex-col gap-3">
          <h2 id="tasks" className="text-base font-semibold">
            Tasks the expert failed
          </h2>
          <CoverageFilters view={view} counts={counts} />
          {page.rows.length === 0 ? <NoTask view={view} later={cursor !== null} /> : null}
          {page.rows.length === 0 ? null : <CoveredTable rows={page.rows} />}
          <Pager
            label="Pages of tasks"
            first={cursor === null ? null : coverageHref(view)}
            next={page.next === null ? null : coverageHref(view, page.next)}
          />
        </section>
      </div>
    </>
  );
}

function NothingFailed() {
  return (
    <EmptyState
      title="The expert has failed no task yet"
      text="Coverage counts tasks of which some expert trajectory failed and none succeeded. Import or collect an expert’s trajectories, then mine its failures."
    >
      <ButtonLink href="/import" variant="primary">
        Import trajectories
      </ButtonLink>
      <ButtonLink href="/collections/new">Let an expert play</ButtonLink>
    </EmptyState>
  );
}

function NoTask({ view, later }: { view: CoverageView; later: boolean }) {
  if (later)
    return (
      <EmptyState title="The list ends before this page" text="What stood here has been solved or moved.">
        <ButtonLink href={coverageHref(view)}>Back to the first</ButtonLink>
      </EmptyState>
    );
  return (
    <EmptyState title="No task matches" text="No task the expert failed is of this kind and in this state.">
      <ButtonLink
        href={coverageHref({ ...view, filter: { environmentId: null, taskType: null, state: null } })}
      >
        All tasks the expert failed
      </ButtonLink>
    </EmptyState>
  );
}
