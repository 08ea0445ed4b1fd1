import { z } from "zod";
import type { RunActivity } from "@/lib/core/rows";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";

const MINUTES = 15;
/** Minutes over which the pace of a worker is taken. */
const RECENT = 5;

const Minute = z.object({ minutesAgo: z.number(), rollouts: z.number() });
const Worker = z.object({
  owner: z.string(),
  running: z.number(),
  leaseLeftMs: z.number().nullable(),
  done: z.number(),
  errored: z.number(),
  callsPerMinute: z.number(),
  seenAt: z.date().nullable(),
  lostLeases: z.number(),
});

/** What ended in a run in its last minutes, and who works on it. */
export async function activityOf(db: Db, runId: number): Promise<RunActivity> {
  demandId("run", runId);
  const [minutes, workers] = await Promise.all([
    read(
      db,
      Minute,
      Prisma.sql`select floor(extract(epoch from clock_timestamp() - finished_at) / 60)::int as "minutesAgo",
          count(*)::int as rollouts
        from rollout where run_id = ${runId}::int and finished_at > clock_timestamp() - ${MINUTES}::int * interval '1 minute'
        group by 1`,
    ),
    read(
      db,
      Worker,
      Prisma.sql`with held as (
          select owner, count(*)::int as running,
            (extract(epoch from max(lease_until) - clock_timestamp()) * 1000)::float8 as "leaseLeftMs"
          from rollout where run_id = ${runId}::int and status = 'running' group by 1
        ), ended as (
          select ended_by as owner, count(*) filter (where status = 'completed')::int as done,
            count(*) filter (where status = 'errored')::int as errored, sum(calls_started)::float8 as calls,
            max(finished_at) as last_end
          from rollout where run_id = ${runId}::int and ended_by is not null
            and finished_at > clock_timestamp() - ${RECENT}::int * interval '1 minute'
          group by 1
        ), seen as (
          select owner, seen_at, lost_leases from run_worker where run_id = ${runId}::int
            and (seen_at > clock_timestamp() - interval '30 minutes'
              or owner in (select owner from held union select owner from ended))
        )
        select owner, coalesce(running, 0) as running, "leaseLeftMs", coalesce(done, 0) as done,
          coalesce(errored, 0) as errored, greatest(seen_at, last_end) as "seenAt",
          coalesce(lost_leases, 0) as "lostLeases",
          coalesce(calls, 0) / greatest(1, least(${RECENT}::float8, (
            select extract(epoch from clock_timestamp() - started_at) / 60 from run where id = ${runId}::int
          )))::float8 as "callsPerMinute"
        from held full join ended using (owner) full join seen using (owner) order by running desc, owner`,
    ),
  ]);
  const perMinute = new Array<number>(MINUTES).fill(0);
  for (const { minutesAgo, rollouts } of minutes) {
    const at = MINUTES - 1 - minutesAgo;
    if (at >= 0 && at < MINUTES) perMinute[at] = rollouts;
  }
  return { perMinute, workers };
}
