import type { Metadata } from "next";
import { listCritics, neighbours, reviewRows, stepTexts } from "@/lib/server/reads";
import { found, idOf } from "../../found";
import { parseView, viewHref, type SearchParams } from "../filter";
import { queueIn, QueuePage } from "./queue-page";
import { ReviewPanel } from "./review-panel";

/** Text that comes with the page, in characters: the first screen, more is loaded as it comes into sight. */
const FIRST_CHARS = 16_000;

type Props = { params: Promise<{ trajectoryId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Pick<Props, "params">): Promise<Metadata> {
  return { title: `Trajectory ${(await params).trajectoryId}` };
}

export default async function TrajectoryPage({ params, searchParams }: Props) {
  const trajectoryId = idOf((await params).trajectoryId);
  const query = await searchParams;
  const queued = queueIn(query);
  if (queued) return <QueuePage trajectoryId={trajectoryId} {...queued} />;
  const view = parseView(query);
  const [rows, first, near, critics] = await Promise.all([
    found(reviewRows(trajectoryId, view.filter.runId)),
    stepTexts(trajectoryId, 0, FIRST_CHARS),
    found(neighbours(trajectoryId, view.filter, view.sort)),
    listCritics(),
  ]);
  const to = (id: number | null) => (id === null ? null : viewHref(`/trajectories/${id}`, view));
  return (
    <ReviewPanel
      key={`${trajectoryId}-${rows.run?.runId ?? 0}`}
      initial={rows}
      critics={critics}
      queue={null}
      first={first}
      opened={rows.rollouts.find((rollout) => String(rollout.rolloutId) === query.rollout)?.rolloutId ?? null}
      around={{
        back: viewHref("/trajectories", view),
        previous: to(near.previous),
        next: to(near.next),
        self: viewHref(`/trajectories/${trajectoryId}`, view),
      }}
    />
  );
}
