import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { hideVerdicts } from "@/lib/core/hide-verdicts";
import { mostReviewers, type Vote } from "@/lib/core/queue";
import { reportOn, type QueueReport } from "@/lib/core/queue-report";
import type { Dispute, PersonProgress, QueueItem, QueueRow } from "@/lib/core/queue-store";
import { isDecided } from "@/lib/core/review";
import type { ReviewRows } from "@/lib/core/review-rows";
import { trajectorySorts, type Page } from "@/lib/core/rows";
import { stepRowsOf } from "@/lib/core/step-rows";
import type { Deps } from "./deps";
import { fitting, ReviewInput } from "./reviews";
import { Filter } from "./selection";
import { reviewRows } from "./trajectories";

type Stored = Pick<Deps, "store">;
const Id = z.number().int().positive();
const PAGE = 50;
const DISPUTES = 200;

/** How long an item stays with a person who does nothing; a page that is open asks for more in time. */
const LOCK_MS = 5 * 60_000;

/** What a new queue asks: what is judged, by how many and by whom, and what they do not see. */
export const QueueInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  filter: Filter,
  sort: z.enum(trajectorySorts).default("newest"),
  reviewers: z.number().int().min(1).max(mostReviewers).default(1),
  blindShare: z.number().min(0).max(1).default(0),
  gold: z.number().int().min(0).max(500).default(0),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  people: z.array(z.string().trim().min(1).max(100)).max(100).default([]),
});
export const QueueIdInput = z.strictObject({ queueId: Id });
export const QueueItemInput = z.strictObject({ queueId: Id, trajectoryId: Id });
/** A vote is a decision within a queue, by the run of the item. */
export const VoteInput = ReviewInput.extend({ queueId: Id });
/** A decision: a review, or a vote where a queue is named. */
export const DecisionInput = ReviewInput.extend({ queueId: Id.nullable().default(null) });

/** Makes a queue of what matches now; what is stored or mined later does not join it. */
export async function createQueue({ store }: Stored, personId: number, input: z.output<typeof QueueInput>) {
  if (input.people.length > 0 && input.people.length < input.reviewers)
    throw new AppError(
      "invalid_input",
      `${input.reviewers} people are asked for, ${input.people.length} named`,
      {
        fix: "name more people, or ask for fewer on each trajectory",
      },
    );
  return store.queues.create({ ...input, personId });
}

export const listQueues = ({ store }: Stored, cursor: string | null): Promise<Page<QueueRow>> =>
  store.queues.list(cursor, PAGE);

export type QueueView = {
  queue: QueueRow;
  people: PersonProgress[];
  report: QueueReport;
  disputes: Dispute[];
};

/** How far a queue is, who did what, how well they agree, and what waits for somebody to adjudicate. */
export async function queueView({ store }: Stored, queueId: number): Promise<QueueView> {
  const [queue, people, counted, disputes] = await Promise.all([
    store.queues.get(queueId),
    store.queues.people(queueId),
    store.queues.counted(queueId),
    store.queues.disputes(queueId, DISPUTES),
  ]);
  return { queue, people, report: reportOn(counted.votes, counted.gold), disputes };
}

/** The trajectory to judge next, locked for this person; null when there is none left for them. */
export async function claimNext({ store }: Stored, personId: number, { queueId }: { queueId: number }) {
  return (await store.queues.claim(queueId, personId, LOCK_MS))?.trajectoryId ?? null;
}

/** What a person at work on an item sees beside the trajectory. */
export type QueueDesk = {
  queue: Pick<QueueRow, "queueId" | "name" | "items" | "reviewers">;
  item: QueueItem;
  /** Of this person. */
  progress: { done: number; skipped: number };
  /** What they skipped last and could take back; null when there is nothing. */
  skipped: number | null;
  /** Adjudicating: decisions are reviews, not votes. */
  adjudicating: boolean;
  /** What those who are done voted; empty before this person is done too. */
  votes: (Vote & { reviewer: string })[];
  /** Another trajectory of the queue that waits to be adjudicated. */
  nextDispute: number | null;
};

type Ids = z.output<typeof QueueItemInput>;

/** The review page of an item as this person may see it: their own votes only, and no verdict where it is hidden. */
export async function queueRows(
  deps: Stored,
  personId: number,
  { queueId, trajectoryId }: Ids,
): Promise<{ rows: ReviewRows; item: QueueItem }> {
  const [item, votes] = await Promise.all([
    deps.store.queues.item(queueId, trajectoryId, personId),
    deps.store.queues.own(queueId, trajectoryId, personId),
  ]);
  const all = await reviewRows(deps, trajectoryId, item.runId, votes);
  const rows = { ...all, queueId, runs: all.runs.filter(({ runId }) => runId === item.runId) };
  return { item, rows: isHidden(item) ? hideVerdicts(rows) : rows };
}

const isHidden = ({ blind, state }: QueueItem): boolean => blind && state !== "done";

/** Everything for the page of an item, to vote on it or to adjudicate. @throws AppError conflict before all have voted */
export async function queueDesk(
  deps: Stored,
  personId: number,
  ids: Ids & { adjudicating: boolean },
): Promise<{ rows: ReviewRows; desk: QueueDesk }> {
  const { queueId, trajectoryId, adjudicating } = ids;
  const [{ rows, item }, queue, people, disputes, skipped] = await Promise.all([
    queueRows(deps, personId, { queueId, trajectoryId }),
    deps.store.queues.get(queueId),
    deps.store.queues.people(queueId),
    adjudicating ? deps.store.queues.disputes(queueId, DISPUTES) : [],
    adjudicating ? null : deps.store.queues.skipped(queueId, personId),
  ]);
  if (adjudicating && !item.complete)
    throw new AppError("invalid_input", "not everybody has voted on this trajectory yet");
  const shown = adjudicating || item.state === "done";
  const mine = people.find((person) => person.personId === personId);
  return {
    rows: adjudicating ? await reviewRows(deps, trajectoryId, item.runId) : rows,
    desk: {
      queue: { queueId, name: queue.name, items: queue.items, reviewers: queue.reviewers },
      item,
      progress: { done: mine?.done ?? 0, skipped: mine?.skipped ?? 0 },
      skipped,
      adjudicating,
      votes: shown ? await deps.store.queues.votes(queueId, trajectoryId) : [],
      nextDispute: disputes.find((d) => d.trajectoryId !== trajectoryId)?.trajectoryId ?? null,
    },
  };
}

/**
 * Records a vote and answers the page as this person may see it.
 * @throws AppError not_found, invalid_input for a vote that does not fit the verdict where it is shown, conflict
 */
export async function voteOn(
  deps: Stored,
  personId: number,
  input: z.output<typeof VoteInput>,
): Promise<ReviewRows> {
  const { queueId, trajectoryId, target, targetIndex } = input;
  const item = await deps.store.queues.item(queueId, trajectoryId, personId);
  if (item.runId !== input.runId)
    throw new AppError("invalid_input", `the queue judges trajectory ${trajectoryId} by run ${item.runId}`);
  const rows = await reviewRows(deps, trajectoryId, item.runId, []);
  const hidden = isHidden(item);
  if (hidden && (input.decision === "promote" || target === "solution"))
    throw new AppError("invalid_input", "verdicts are hidden here: actions are approved or vetoed");
  const fits = hidden && input.decision === "approve" ? "withdraw" : input.decision;
  const verdict = fitting(rows, { ...input, decision: fits });
  await deps.store.queues.vote({
    ...{ queueId, trajectoryId, personId, target, targetIndex },
    ...{ decision: input.decision, reason: input.reason, note: input.note },
    ...{ verdict, verdictSeen: hidden ? null : verdict },
    ...{ expectedVersion: input.expectedVersion, clientId: input.clientId },
  });
  return (await queueRows(deps, personId, { queueId, trajectoryId })).rows;
}

/** Passes an item on to the others. */
export async function skipItem({ store }: Stored, personId: number, { queueId, trajectoryId }: Ids) {
  await store.queues.skip(queueId, trajectoryId, personId);
}

/** Takes back a skip. @throws AppError conflict when others have the item by now */
export async function unskipItem({ store }: Stored, personId: number, { queueId, trajectoryId }: Ids) {
  await store.queues.unskip(queueId, trajectoryId, personId, LOCK_MS);
  return { trajectoryId };
}

/** What a person skipped last and could take back. */
export const lastSkipped = ({ store }: Stored, personId: number, queueId: number): Promise<number | null> =>
  store.queues.skipped(queueId, personId);

/** Keeps an item while its page is open. @throws AppError conflict when it went to somebody else */
export async function keepItem({ store }: Stored, personId: number, { queueId, trajectoryId }: Ids) {
  if (await store.queues.renew(queueId, trajectoryId, personId, LOCK_MS)) return;
  throw new AppError("conflict", "this trajectory is not yours any more: the lock on it ran out", {
    fix: "go on with the next one",
  });
}

/**
 * Ends a person's work on an item; with the last of those asked for, the votes become reviews or disputes.
 * @returns whether the verdicts were hidden, and are to be looked at now
 * @throws AppError invalid_input while something is left open
 */
export async function finishItem(deps: Stored, personId: number, ids: Ids): Promise<{ revealed: boolean }> {
  const { rows, item } = await queueRows(deps, personId, ids);
  if (item.state === "done") return { revealed: false };
  demandVotes(rows);
  await deps.store.queues.finish(ids.queueId, ids.trajectoryId, personId);
  return { revealed: rows.hidden };
}

/** Where verdicts are shown, every beneficial action must be voted on; where they are hidden, some action. */
function demandVotes(rows: ReviewRows): void {
  const steps = stepRowsOf(rows);
  const open = steps.filter(({ verdict, decision }) => verdict === "beneficial" && !isDecided(decision));
  const nothing = rows.hidden && !steps.some(({ decision }) => isDecided(decision));
  if (open.length === 0 && !nothing) return;
  const left = nothing
    ? "nothing is decided"
    : `${open.length} beneficial ${open.length === 1 ? "action is" : "actions are"} open`;
  throw new AppError("invalid_input", `${left} on this trajectory`, {
    fix: "decide, or skip the trajectory",
  });
}
