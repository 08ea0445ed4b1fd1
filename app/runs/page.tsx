import type { Metadata } from "next";
import { listRuns } from "@/lib/server/reads";
import { RunTable } from "@/components/run/run-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../trajectories/filter";
import { LiveRunLine } from "./live-run-line";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listRuns(cursor));
  const start = (
    <ButtonLink href="/runs/new" variant="primary">
      Mine failures
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Runs"
        meta="A run lets the agent play on from several states of failed expert trajectories, to see which expert actions help and which harm."
        action={start}
      />
      {rows.length === 0 ? (
        <EmptyState
          title="Nothing has been mined yet"
          text="Choose an agent and let it try to finish what the expert failed: each success proves that the state it began from can still be solved. Rollouts made elsewhere can be imported as evidence and appear here as well."
        >
          {start}
          <ButtonLink href="/import">Import evidence</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <RunTable>
            {rows.map(({ progress, ...run }) => (
              <LiveRunLine key={run.runId} run={run} progress={progress} />
            ))}
          </RunTable>
          <Pager
            label="Pages of runs"
            first={cursor === null ? null : "/runs"}
            next={next === null ? null : `/runs?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
