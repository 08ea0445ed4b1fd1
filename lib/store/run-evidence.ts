import { z } from "zod";
import type { RunEvidence, SolvedState, TextLength } from "@/lib/core/run-preview";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Id, read, readOne, Review, reviewColumns } from "./rows";

const Counts = z.array(z.number());
const Tallies = z.object({
  trajectoryId: z.number(),
  stepCount: z.number(),
  states: Counts,
  attempts: Counts,
  successes: Counts,
  errored: Counts,
  diverged: z.array(z.boolean()),
});

/** The tallies of every finished trajectory of a run, one row each, and its reviews. */
export async function evidenceOf(db: Db, runId: number): Promise<RunEvidence[]> {
  await readOne(db, Id, Prisma.sql`select id from run where id = ${runId}::int`, demandId("run", runId));
  const [tallies, reviews] = await Promise.all([
    read(
      db,
      Tallies,
      Prisma.sql`with state as (
          select trajectory_id, state_index, count(*) filter (where status = 'completed')::int as attempts,
            count(*) filter (where success)::int as successes, count(*) filter (where status = 'errored')::int as errored,
            coalesce(bool_or(error_code = 'replay_diverged'), false) as diverged
          from rollout where run_id = ${runId}::int and status <> 'cancelled' group by 1, 2
        ), trajectory_state as (
          select trajectory_id, array_agg(state_index order by state_index) as states,
            array_agg(attempts order by state_index) as attempts, array_agg(successes order by state_index) as successes,
            array_agg(errored order by state_index) as errored, array_agg(diverged order by state_index) as diverged
          from state group by 1
        )
        select rt.trajectory_id as "trajectoryId", t.step_count as "stepCount", states, attempts, successes, errored,
          diverged
        from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
        join trajectory_state s on s.trajectory_id = rt.trajectory_id
        where rt.run_id = ${runId}::int and rt.state in ('done', 'errored') order by rt.trajectory_id`,
    ),
    read(
      db,
      Review.extend({ trajectoryId: z.number() }),
      Prisma.sql`select review.trajectory_id as "trajectoryId", ${reviewColumns}
        from review join person on person.id = review.person_id where review.run_id = ${runId}::int`,
    ),
  ]);
  const byTrajectory = new Map<number, RunEvidence["reviews"]>();
  for (const { trajectoryId, ...review } of reviews)
    byTrajectory.set(trajectoryId, [...(byTrajectory.get(trajectoryId) ?? []), review]);
  return tallies.map(({ trajectoryId, stepCount, states, attempts, successes, errored, diverged }) => ({
    trajectoryId,
    stepCount,
    states: states.map((stateIndex, i) => ({
      stateIndex,
      attempts: attempts[i] ?? 0,
      successes: successes[i] ?? 0,
      errored: errored[i] ?? 0,
    })),
    diverged: states.filter((_, i) => diverged[i]),
    reviews: byTrajectory.get(trajectoryId) ?? [],
  }));
}

const Steps = z.object({ trajectoryId: z.number(), lengths: Counts });
const Rollout = z.object({ trajectoryId: z.number(), stateIndex: z.number(), characters: z.number() });

const spoken = Prisma.sql`coalesce(length(thought), 0) + length(action)`;

/** How long the expert's steps are, and the rollout that is chosen from each state (fewest steps, then first). */
export async function textLengths(db: Db, runId: number, wanted: SolvedState[]): Promise<TextLength[]> {
  const ids = [...new Set(wanted.map(({ trajectoryId }) => trajectoryId))];
  const solved = wanted.flatMap(({ trajectoryId, stateIndex }) =>
    stateIndex === null ? [] : [{ trajectoryId, stateIndex }],
  );
  const [steps, rollouts] = await Promise.all([
    read(
      db,
      Steps,
      Prisma.sql`select trajectory_id as "trajectoryId", array_agg((${spoken})::int order by step_index) as lengths
        from step where trajectory_id = any(${ids}::int[]) group by 1`,
    ),
    read(
      db,
      Rollout,
      Prisma.sql`select w.trajectory_id as "trajectoryId", w.state_index as "stateIndex", characters
        from unnest(${solved.map((at) => at.trajectoryId)}::int[], ${solved.map((at) => at.stateIndex)}::int[])
          as w(trajectory_id, state_index)
        cross join lateral (
          select id from rollout r where r.run_id = ${runId}::int and r.trajectory_id = w.trajectory_id
            and r.state_index = w.state_index and r.success order by step_count, attempt limit 1
        ) chosen
        cross join lateral (
          select coalesce(sum(${spoken}), 0)::int as characters from rollout_step where rollout_id = chosen.id
        ) said`,
    ),
  ]);
  const lengths = new Map(steps.map((each) => [each.trajectoryId, each.lengths]));
  const characters = new Map(
    rollouts.map((each) => [`${each.trajectoryId}:${each.stateIndex}`, each.characters]),
  );
  return wanted.map(({ trajectoryId, stateIndex }) => ({
    trajectoryId,
    stateIndex,
    steps: lengths.get(trajectoryId) ?? [],
    rollout: characters.get(`${trajectoryId}:${stateIndex}`) ?? 0,
  }));
}
