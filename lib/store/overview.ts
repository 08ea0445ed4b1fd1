import { z } from "zod";
import type { Overview } from "@/lib/core/rows";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";

/** Rollouts and datasets are counted no further than this. */
const CAP = 100_000;

const Environment = z.object({
  environment: z.string(),
  trajectories: z.number(),
  expertSolved: z.number(),
  expertFailed: z.number(),
  expertUnknown: z.number(),
  nowSolved: z.number(),
});
const Verdicts = z.object({
  beneficial: z.number(),
  harmful: z.number(),
  redundant: z.number(),
  dead_end: z.number(),
  undecided: z.number(),
  toReview: z.number(),
  reviewed: z.number(),
});
const Counts = z.object({ runs: z.number(), rollouts: z.number(), datasets: z.number() });

/**
 * The numbers of the first page. Trajectories were counted when they were stored; verdicts are those of each trajectory's
 * newest run; `nowSolved` counts failed expert trajectories from one of whose states some rollout succeeded.
 */
export async function overviewOf(db: Db): Promise<Overview> {
  const [environments, [verdicts], [counts]] = await Promise.all([
    byEnvironment(db),
    verdictSums(db),
    tableCounts(db),
  ]);
  const { toReview = 0, reviewed = 0, ...sums } = verdicts ?? {};
  const { runs = 0, rollouts = 0, datasets = 0 } = counts ?? {};
  return {
    environments: environments.map(({ trajectories: _, ...environment }) => environment),
    verdicts: { beneficial: 0, harmful: 0, redundant: 0, dead_end: 0, undecided: 0, ...sums },
    review: { toReview, reviewed },
    counts: {
      trajectories: environments.reduce((sum, each) => sum + each.trajectories, 0),
      runs: Math.min(runs, CAP),
      rollouts: Math.min(rollouts, CAP),
      datasets: Math.min(datasets, CAP),
      capped: Math.max(runs, rollouts, datasets) > CAP,
    },
  };
}

const ofExperts = (outcome: string) =>
  Prisma.sql`coalesce(sum(trajectories) filter (where source = 'expert' and outcome = ${outcome}), 0)::float8`;

function byEnvironment(db: Db) {
  return read(
    db,
    Environment,
    Prisma.sql`with solved as (
        select t.environment_id, count(distinct t.id) as n
        from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
        where rt.solved and t.source = 'expert' and not t.success group by 1
      )
      select e.name as environment, sum(trajectories)::float8 as trajectories, ${ofExperts("solved")} as "expertSolved",
        ${ofExperts("failed")} as "expertFailed", ${ofExperts("unknown")} as "expertUnknown",
        coalesce(min(solved.n), 0)::float8 as "nowSolved"
      from trajectory_count c join environment e on e.id = c.environment_id
      left join solved on solved.environment_id = e.id
      group by e.id order by e.name`,
  );
}

function verdictSums(db: Db) {
  return read(
    db,
    Verdicts,
    Prisma.sql`select coalesce(sum(beneficial), 0)::float8 as beneficial, coalesce(sum(harmful), 0)::float8 as harmful,
        coalesce(sum(redundant), 0)::float8 as redundant, coalesce(sum(dead_end), 0)::float8 as dead_end,
        coalesce(sum(undecided), 0)::float8 as undecided, coalesce(sum(to_review), 0)::float8 as "toReview",
        coalesce(sum(reviewed), 0)::float8 as reviewed
      from run_trajectory where latest`,
  );
}

function tableCounts(db: Db) {
  const capped = (table: string) =>
    Prisma.sql`(select count(*)::int from (select from ${Prisma.raw(table)} limit ${CAP + 1}::int) x)`;
  return read(
    db,
    Counts,
    Prisma.sql`select ${capped("run")} as runs, ${capped("rollout")} as rollouts, ${capped("dataset")} as datasets`,
  );
}
