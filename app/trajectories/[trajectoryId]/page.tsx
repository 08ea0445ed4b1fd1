import type { Metadata } from "next";
import { AppError } from "@/lib/core/errors";
import { getRollout, listCritics, neighbours, reviewRows, stepTexts } from "@/lib/server/reads";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";
import { parseView, viewHref } from "../filter";
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
  const runId = view.filter.runId ?? (await runOf(query.rollout, trajectoryId));
  const [rows, first, near, critics] = await Promise.all([
    found(reviewRows(trajectoryId, runId)),
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
      opened={rows.rollouts.find((rollout) => String(rollout.rolloutId) === query.rollout) ?? null}
      around={{
        back: viewHref("/trajectories", view),
        previous: to(near.previous),
        next: to(near.next),
        self: viewHref(`/trajectories/${trajectoryId}`, view),
        open: viewHref(`/api/trajectories/${trajectoryId}/open`, view),
      }}
    />
  );
}

/** The run that a rollout's address is of, so that the address needs to name nothing else; null where it names none. */
async function runOf(asked: string | string[] | undefined, trajectoryId: number): Promise<number | null> {
  if (typeof asked !== "string" || !/^[1-9]\d{0,8}$/.test(asked)) return null;
  const rollout = await getRollout(Number(asked)).catch(unknown);
  return rollout?.trajectoryId === trajectoryId ? rollout.runId : null;
}

function unknown(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
