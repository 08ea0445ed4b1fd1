import type { Metadata } from "next";
import { runTrajectories, runView } from "@/lib/server/reads";
import { RunTrajectories } from "@/components/run/run-trajectories";
import { ButtonLink } from "@/components/ui/button";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../../cursor";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";
import { MorePart } from "./more-part";
import { RunDesk } from "./run-desk";

type Props = { params: Promise<{ runId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).runId}` };
}

export default async function RunPage({ params, searchParams }: Props) {
  const runId = idOf((await params).runId);
  const cursor = cursorIn(await searchParams);
  const view = await found(runView(runId));
  const trajectories = await found(runTrajectories(runId, cursor));
  const ended = view.run.origin === "mined" && view.run.state === "done";
  const here = `/runs/${runId}`;
  return (
    <RunDesk key={runId} initial={view}>
      {ended ? <MorePart runId={runId} /> : null}
      <section aria-labelledby="trajectories" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="trajectories" className="text-base font-semibold">
            Its trajectories
          </h2>
          <ButtonLink href={`${here}/strategies`} size="sm">
            Compare strategies
          </ButtonLink>
        </div>
        <RunTrajectories rows={trajectories.rows} />
        <Pager
          label="Pages of trajectories"
          first={cursor === null ? null : here}
          next={trajectories.next === null ? null : `${here}?cursor=${encodeURIComponent(trajectories.next)}`}
        />
      </section>
    </RunDesk>
  );
}
