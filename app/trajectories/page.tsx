import type { Metadata } from "next";
import { Suspense, type ComponentProps } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { formatCapped } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import type { Page, TrajectoryListRow } from "@/lib/core/rows";
import { searchProblem } from "@/lib/core/words";
import { fillPage, isShort, listCritics, listFacets, listTrajectories, listViews } from "@/lib/server/reads";
import { chipsOf } from "./chips";
import { FilterBar } from "./filter-bar";
import type { SearchParams } from "../address";
import { parseView, printView, viewHref, type ListView } from "./filter";
import { SavedViews } from "./saved-views";
import { TrajectoryTable } from "./trajectory-table";

export const metadata: Metadata = { title: "Trajectories" };

const nothing = { page: { rows: [], next: null }, count: { count: 0, capped: false }, passages: [] };

export default async function TrajectoriesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const view = parseView(await searchParams);
  const problem = view.filter.said === null ? null : searchProblem(view.filter.said);
  const [{ count, ...first }, facets, critics, views] = await Promise.all([
    problem ? nothing : listTrajectories(view.filter, view.sort, view.cursors.at(-1) ?? null),
    listFacets(),
    listCritics(),
    listViews(),
  ]);
  const listed = { view, count, critics, stored: facets.environments.length > 0 };
  return (
    <>
      <PageHeader
        title="Trajectories"
        meta={`${formatCapped(count)} ${count.count === 1 ? "matches" : "match"}`}
        action={
          <ButtonLink href="/import" variant="secondary">
            Import…
          </ButtonLink>
        }
      />
      <div className="flex flex-col gap-3">
        <SavedViews view={view} views={views} />
        <FilterBar view={view} facets={facets} chips={chipsOf(view, facets)} />
        {problem ? <ErrorNote {...problem} /> : null}
        {problem ? null : isShort(first.page) ? (
          <Suspense fallback={<Listed {...listed} {...first} looking />}>
            <Filled {...listed} {...first} />
          </Suspense>
        ) : (
          <Listed {...listed} {...first} />
        )}
      </div>
    </>
  );
}

type ListedProps = Omit<ComponentProps<typeof TrajectoryTable>, "rows"> & {
  page: Page<TrajectoryListRow>;
  stored: boolean;
  looking?: boolean;
};

/** What was found at once stands there while the rest of the page is looked for. */
async function Filled({ page, passages, ...props }: ListedProps) {
  const { filter, sort } = props.view;
  return <Listed {...props} {...await fillPage(filter, sort, { page, passages })} />;
}

function Listed({ page, stored, looking = false, ...props }: ListedProps) {
  const { view } = props;
  return (
    <>
      {page.rows.length > 0 ? <TrajectoryTable {...props} rows={page.rows} /> : null}
      {looking ? (
        <p role="status" className="text-xs text-ink-3">
          Looking for more that say it…
        </p>
      ) : isShort(page) ? (
        <p className="text-xs text-ink-3">
          {page.rows.length === 0 ? "None" : page.rows.length} of the trajectories looked at for this page
          {page.rows.length > 1 ? " say" : " says"} it. The next page looks further.
        </p>
      ) : page.rows.length === 0 ? (
        <Nothing view={view} stored={stored} />
      ) : null}
      {looking ? null : <Paging view={view} next={page.next} />}
    </>
  );
}

function Nothing({ view, stored }: { view: ListView; stored: boolean }) {
  if (view.cursors.length > 0)
    return (
      <EmptyState
        title="The list ends before this page"
        text="What stood here has moved or no longer matches."
      >
        <ButtonLink href={viewHref("/trajectories", view)}>Back to the beginning</ButtonLink>
      </EmptyState>
    );
  if (stored)
    return (
      <EmptyState
        title="No trajectory matches"
        text={
          view.filter.said === null
            ? "The list starts with the failed runs of experts. Loosen a filter, or look at everything that is stored."
            : "Steps are searched by whole words, all of which must be said; parts of words are not found. The list starts with the failed runs of experts."
        }
      >
        <ButtonLink href="/trajectories" variant="primary">
          Failed expert trajectories
        </ButtonLink>
        <ButtonLink href="/trajectories?source=any&outcome=any">All trajectories</ButtonLink>
      </EmptyState>
    );
  return (
    <EmptyState
      title="No trajectories yet"
      text="Gleaner starts from the episodes an expert model failed. Import a file of trajectories (AgentTraj, ETO, OpenAI chat messages or Gleaner’s own JSONL); it shows what it understood before anything is stored. Or connect an environment and let a built-in policy play."
    >
      <ButtonLink href="/import" variant="primary">
        Import trajectories
      </ButtonLink>
      <ButtonLink href="/environments">Environments</ButtonLink>
    </EmptyState>
  );
}

function Paging({ view, next }: { view: ListView; next: string | null }) {
  const { cursors } = view;
  const at = (list: string[]) => {
    const query = printView({ ...view, cursors: list });
    return query === "" ? "/trajectories" : `/trajectories?${query}`;
  };
  if (cursors.length === 0 && next === null) return null;
  return (
    <nav aria-label="Pages" className="flex items-center justify-end gap-2 text-xs text-ink-3">
      <span className="mr-2">Page {cursors.length + 1}</span>
      {cursors.length > 0 ? (
        <ButtonLink size="sm" rel="prev" href={at(cursors.slice(0, -1))}>
          ← Previous
        </ButtonLink>
      ) : (
        <Button size="sm" disabled>
          ← Previous
        </Button>
      )}
      {next === null ? (
        <Button size="sm" disabled>
          Next →
        </Button>
      ) : (
        <ButtonLink size="sm" rel="next" href={at([...cursors, next])}>
          Next →
        </ButtonLink>
      )}
    </nav>
  );
}
