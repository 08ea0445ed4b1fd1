import { queueDesk } from "@/lib/server/queues";
import { listCritics, stepTexts } from "@/lib/server/reads";
import { found } from "../../found";
import type { SearchParams } from "../../address";
import { ReviewPanel } from "./review-panel";

/** Text that comes with the page, in characters: the first screen. */
const FIRST_CHARS = 16_000;

/** The review queue an address names, to vote in or to adjudicate; null for the trajectory by itself. */
export function queueIn(query: SearchParams): { queueId: number; adjudicating: boolean } | null {
  const { queue, adjudicate } = query;
  if (typeof queue !== "string" || !/^[1-9]\d{0,8}$/.test(queue)) return null;
  return { queueId: Number(queue), adjudicating: adjudicate !== undefined };
}

/** The review desk of one item of a queue, as the person at work may see it. */
export async function QueuePage(props: { trajectoryId: number; queueId: number; adjudicating: boolean }) {
  const { trajectoryId, queueId, adjudicating } = props;
  const [{ rows, desk }, first, critics] = await Promise.all([
    found(queueDesk({ queueId, trajectoryId, adjudicating })),
    stepTexts(trajectoryId, 0, FIRST_CHARS),
    listCritics(),
  ]);
  const self = `/trajectories/${trajectoryId}?queue=${queueId}${adjudicating ? "&adjudicate=1" : ""}`;
  return (
    <ReviewPanel
      key={`${trajectoryId}-${queueId}-${adjudicating}`}
      initial={rows}
      critics={critics}
      queue={desk}
      first={first}
      opened={null}
      around={{
        back: `/queues/${queueId}`,
        previous: null,
        next: null,
        self,
        open: `/api/trajectories/${trajectoryId}/open`,
      }}
    />
  );
}
