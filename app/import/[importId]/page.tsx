import type { Metadata } from "next";
import type { ImportRow, TrajectoryFilter } from "@/lib/core/rows";
import { importView, listTrajectories } from "@/lib/server/reads";
import { ButtonLink } from "@/components/ui/button";
import { formatCapped } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { cursorIn } from "../../cursor";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";
import { parseView } from "../../trajectories/filter";
import { ImportProgress } from "./import-progress";

type Props = { params: Promise<{ importId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Import ${(await params).importId}` };
}

export default async function ImportedPage({ params, searchParams }: Props) {
  const importId = idOf((await params).importId);
  const cursor = cursorIn(await searchParams);
  const view = await found(importView(importId, cursor));
  return (
    <ImportProgress key={`${importId} ${cursor}`} initial={view} cursor={cursor}>
      <Section title="What next">
        <Next row={view.row} />
      </Section>
    </ImportProgress>
  );
}

async function Next({ row }: { row: ImportRow }) {
  if (row.kind === "evidence") return <AfterEvidence runId={row.runId} />;
  const failures: TrajectoryFilter = parseView({}).filter;
  const { count } = await listTrajectories(failures, "newest", null);
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <p className="mr-auto text-ink-2">
        {count.count === 0 ? (
          "The workspace holds no failed expert trajectory: there is nothing to mine. Solved ones can be cloned into a dataset."
        ) : (
          <>
            The workspace now holds <span className="font-medium text-ink">{formatCapped(count)}</span> failed
            expert
            {count.count === 1 ? " trajectory" : " trajectories"}.
          </>
        )}
      </p>
      <ButtonLink href={count.count === 0 ? "/trajectories?outcome=any" : "/trajectories"}>
        Look at them
      </ButtonLink>
      {count.count > 0 ? (
        <ButtonLink href="/runs/new" variant="primary">
          Mine them
        </ButtonLink>
      ) : null}
    </div>
  );
}

function AfterEvidence({ runId }: { runId: number | null }) {
  if (runId === null)
    return <p className="text-sm text-ink-2">No rollout was stored, so there is no run to look at.</p>;
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <p className="mr-auto text-ink-2">
        The rollouts became run {runId}; its verdicts are ready to be reviewed.
      </p>
      <ButtonLink href={`/runs/${runId}`}>See the run</ButtonLink>
      <ButtonLink href={`/trajectories?run=${runId}&review=pending`} variant="primary">
        Review them
      </ButtonLink>
    </div>
  );
}
