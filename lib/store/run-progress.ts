import { z } from "zod";
import { rolloutStatuses } from "@/lib/core/evidence";
import type { RunProgress } from "@/lib/core/rows";
import type { Ending } from "@/lib/core/streak";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";

const ERRORS_SHOWN = 50;
const EXAMPLES_SHOWN = 5;

const Count = z.number();
const Rollouts = z.object({
  runId: z.number(),
  status: z.enum(rolloutStatuses),
  rollouts: Count,
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

/** How far runs are, in two grouped queries for all of them. A run without trajectories is all zeros. */
export async function progressOf(db: Db, runIds: number[]): Promise<(runId: number) => RunProgress> {
  const [rollouts, trajectories] = await Promise.all([
    read(
      db,
      Rollouts,
      Prisma.sql`select run_id as "runId", status, count(*)::float8 as rollouts,
          count(*) filter (where success)::float8 as succeeded, sum(calls_started)::float8 as calls,
          sum(prompt_tokens)::float8 as "promptTokens", sum(completion_tokens)::float8 as "completionTokens"
        from rollout where run_id = any(${runIds}::int[]) group by 1, 2`,
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
    summed(
      rollouts.filter((each) => each.runId === runId),
      trajectories.find((each) => each.runId === runId),
    );
}

function summed(
  rollouts: z.infer<typeof Rollouts>[],
  trajectories: z.infer<typeof Trajectories> | undefined,
): RunProgress {
  const sum = (of: (each: z.infer<typeof Rollouts>) => number) =>
    rollouts.reduce((n, each) => n + of(each), 0);
  const inStatus = (status: string) => sum((each) => (each.status === status ? each.rollouts : 0));
  const { total = 0, done = 0, errored = 0, diverged = 0 } = trajectories ?? {};
  return {
    trajectories: { total, done, errored, diverged },
    rollouts: {
      queued: inStatus("queued"),
      running: inStatus("running"),
      completed: inStatus("completed"),
      errored: inStatus("errored"),
      cancelled: inStatus("cancelled"),
      succeeded: sum((each) => each.succeeded),
    },
    calls: sum((each) => each.calls),
    promptTokens: sum((each) => each.promptTokens),
    completionTokens: sum((each) => each.completionTokens),
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
