import type { Metadata } from "next";
import { listRuns } from "@/lib/server/reads";
import { RunTable } from "@/components/run/run-table";
import { cursorIn } from "../cursor";
import { found } from "../found";
import { ListPage } from "../list-page";
import type { SearchParams } from "../address";
import { LiveRunLine } from "./live-run-line";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const { rows, next } = await found(listRuns(cursor));
  return (
    <ListPage
      title="Runs"
      about="A run lets the agent play on from several states of failed expert trajectories, to see which expert actions help and which harm."
      make={{ href: "/runs/new", label: "Mine failures" }}
      empty={{
        title: "Nothing has been mined yet",
        text: "Choose an agent and let it try to finish what the expert failed: each success proves that the state it began from can still be solved. Rollouts made elsewhere can be imported as evidence and appear here as well.",
        other: { href: "/import", label: "Import evidence" },
      }}
      path="/runs"
      cursor={cursor}
      next={next}
    >
      {rows.length === 0 ? null : (
        <RunTable>
          {rows.map(({ progress, ...run }) => (
            <LiveRunLine key={run.runId} run={run} progress={progress} />
          ))}
        </RunTable>
      )}
    </ListPage>
  );
}
