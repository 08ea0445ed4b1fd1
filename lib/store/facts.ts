import { z } from "zod";
import type { MinedFacts } from "@/lib/core/rows";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { possibleIds } from "./ids";
import {
  read,
  Review,
  reviewColumns,
  RolloutRow,
  rolloutColumns,
  RunTrajectoryRow,
  runTrajectoryColumns,
} from "./rows";

/** Entry, rollouts and reviews of trajectories in a run, by trajectory; those the run does not have are left out. */
export async function factsOf(tx: Tx, runId: number, ids: number[]): Promise<Map<number, MinedFacts>> {
  const entries = await entriesOf(tx, runId, possibleIds(ids));
  const planned = entries.map(({ trajectoryId }) => trajectoryId);
  const rollouts = await rolloutsOf(tx, runId, planned);
  const reviews = await reviewsOf(tx, runId, planned);
  const facts = new Map<number, MinedFacts>(
    entries.map((entry) => [entry.trajectoryId, { entry, rollouts: [], reviews: [] }]),
  );
  for (const rollout of rollouts) facts.get(rollout.trajectoryId)?.rollouts.push(rollout);
  for (const { trajectoryId, ...review } of reviews) facts.get(trajectoryId)?.reviews.push(review);
  return facts;
}

function entriesOf(tx: Tx, runId: number, ids: number[]) {
  const sql = Prisma.sql`select ${runTrajectoryColumns} from run_trajectory rt
    where rt.run_id = ${runId}::int and rt.trajectory_id = any(${ids}::int[]) order by rt.trajectory_id`;
  return read(tx, RunTrajectoryRow, sql);
}

/** Rollouts without steps, by trajectory, state and attempt. */
export function rolloutsOf(tx: Tx, runId: number, ids: number[]) {
  const sql = Prisma.sql`select ${rolloutColumns} from rollout r
    where r.run_id = ${runId}::int and r.trajectory_id = any(${ids}::int[])
    order by r.trajectory_id, r.state_index, r.attempt`;
  return read(tx, RolloutRow, sql);
}

/** Reviews by trajectory, oldest first. */
export function reviewsOf(tx: Tx, runId: number, ids: number[]) {
  const sql = Prisma.sql`select review.trajectory_id as "trajectoryId", ${reviewColumns}
    from review join person on person.id = review.person_id
    where review.run_id = ${runId}::int and review.trajectory_id = any(${ids}::int[])
    order by review.trajectory_id, review.id`;
  return read(tx, Review.extend({ trajectoryId: z.number() }), sql);
}

const BallotRow = Review.pick({
  target: true,
  targetIndex: true,
  decision: true,
  version: true,
  reviewer: true,
  at: true,
}).extend({ trajectoryId: z.number() });

/** Of the reviews those that decide: the newest of each target, and its newest dispute. */
export function ballotsOf(tx: Tx, runId: number, ids: number[]) {
  const sql = Prisma.sql`select distinct on (review.trajectory_id, review.target, review.target_index,
        review.decision = 'dispute')
      review.trajectory_id as "trajectoryId", review.target, review.target_index as "targetIndex", review.decision,
      review.version, person.name as reviewer, review.at
    from review join person on person.id = review.person_id
    where review.run_id = ${runId}::int and review.trajectory_id = any(${ids}::int[])
    order by review.trajectory_id, review.target, review.target_index, review.decision = 'dispute', review.version desc`;
  return read(tx, BallotRow, sql);
}
