import { z } from "zod";
import type { RunProgress } from "@/lib/core/rows";
import type { Ending } from "@/lib/core/streak";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";
import { totalsOf } from "./run-totals";

const ERRORS_SHOWN = 50;
const EXAMPLES_SHOWN = 5;

const Count = z.number();
const Rollouts = z.object({
  runId: z.number(),
  queued: Count,
  running: Count,
  completed: Count,
  errored: Count,
  cancelled: Count,
  succeeded: Count,
  calls: Count,
  promptTokens: Count,
  completionTokens: Count,
});
const Trajectories = z.object({
  runId: z.number(),
  total: Count,
  done: Count,
  errored: Count,
  diverged: Count,
  beneficial: Count,
  harmful: Count,
  redundant: Count,
  deadEnd: Count,
  undecided: Count,
});

/** How far runs are, in two queries for all of them. A run without trajectories is all zeros. */
export async function progressOf(db: Db, runIds: number[]): Promise<(runId: number) => RunProgress> {
  const [rollouts, trajectories] = await Promise.all([
    read(
      db,
      Rollouts,
      Prisma.sql`select id as "runId", queued, running, completed, errored, cancelled, succeeded, calls,
          prompt_tokens as "promptTokens", completion_tokens as "completionTokens"
        from run cross join ${totalsOf(Prisma.sql`run.id`)} where id = any(${runIds}::int[])`,
    ),
    read(
      db,
      Trajectories,
      Prisma.sql`select run_id as "runId", count(*)::float8 as total,
          count(*) filter (where state = 'done')::float8 as done,
          count(*) filter (where state = 'errored')::float8 as errored,
          count(*) filter (where replay = 'diverged')::float8 as diverged, sum(beneficial)::float8 as beneficial,
          sum(harmful)::float8 as harmful, sum(redundant)::float8 as redundant, sum(dead_end)::float8 as "deadEnd",
          sum(undecided)::float8 as undecided
        from run_trajectory where run_id = any(${runIds}::int[]) group by 1`,
    ),
  ]);
  return (runId) =>
    together(
      rollouts.find((each) => each.runId === runId),
      trajectories.find((each) => each.runId === runId),
    );
}

function together(
  rollouts: z.infer<typeof Rollouts> | undefined,
  trajectories: z.infer<typeof Trajectories> | undefined,
): RunProgress {
  const { total = 0, done = 0, errored = 0, diverged = 0 } = trajectories ?? {};
  return {
    trajectories: { total, done, errored, diverged },
    rollouts: {
      queued: rollouts?.queued ?? 0,
      running: rollouts?.running ?? 0,
      completed: rollouts?.completed ?? 0,
      errored: rollouts?.errored ?? 0,
      cancelled: rollouts?.cancelled ?? 0,
      succeeded: rollouts?.succeeded ?? 0,
    },
    calls: rollouts?.calls ?? 0,
    promptTokens: rollouts?.promptTokens ?? 0,
    completionTokens: rollouts?.completionTokens ?? 0,
    verdicts: {
      beneficial: trajectories?.beneficial ?? 0,
      harmful: trajectories?.harmful ?? 0,
      redundant: trajectories?.redundant ?? 0,
      dead_end: trajectories?.deadEnd ?? 0,
      undecided: trajectories?.undecided ?? 0,
    },
  };
}

const Broken = z.object({
  code: z.string(),
  message: z.string(),
  rollouts: z.number(),
  examples: z.array(z.object({ rolloutId: Count, trajectoryId: Count, stateIndex: Count, attempt: Count })),
});

/** What broke in a run, the most frequent first, each with some rollouts to look at. */
export async function errorsOf(db: Db, runId: number) {
  demandId("run", runId);
  return read(
    db,
    Broken,
    Prisma.sql`select error_code as code, coalesce(error_message, '') as message, count(*)::int as rollouts,
        (array_agg(json_build_object('rolloutId', id, 'trajectoryId', trajectory_id, 'stateIndex', state_index,
          'attempt', attempt) order by id))[1:${EXAMPLES_SHOWN}::int] as examples
      from rollout where run_id = ${runId}::int and status = 'errored'
      group by error_code, error_message order by count(*) desc, min(id) limit ${ERRORS_SHOWN}::int`,
  );
}

const Ended = z.object({ code: z.string().nullable(), place: Count });

/** How the last rollouts of a run ended, newest first. */
export function lastEnds(db: Db, runId: number, limit: number): Promise<Ending[]> {
  return read(
    db,
    Ended,
    Prisma.sql`select error_code as code, trajectory_id as place from rollout
      where run_id = ${runId}::int and finished_at is not null
      order by finished_at desc, id desc limit ${limit}::int`,
  );
}
