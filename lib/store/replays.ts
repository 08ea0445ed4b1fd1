import { z } from "zod";
import type { ReplayCheck } from "@/lib/core/replay";
import type { Fidelity, ReplayRow as Replay } from "@/lib/core/rows";
import { replayStates } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { read, readOne, replayColumns, ReplayRow, replayState } from "./rows";
import { storable } from "./text";

/** What the newest replay of each trajectory gave. */
export function replaysIn(db: Db): Store["replays"] {
  return {
    put: (trajectoryId, check, fingerprint) => put(db, trajectoryId, check, fingerprint),
    get: (trajectoryId) => get(db, trajectoryId),
    fidelity: (environmentId) => fidelity(db, environmentId),
  };
}

async function put(
  db: Db,
  trajectoryId: number,
  { state, divergence, reason }: ReplayCheck,
  fingerprint: string,
): Promise<void> {
  const what = demandId("trajectory", trajectoryId);
  const detail = divergence && {
    ...divergence,
    recorded: storable(divergence.recorded),
    replayed: storable(divergence.replayed),
  };
  const written = db.$executeRaw`insert into replay_check (trajectory_id, state, divergence, reason, fingerprint)
    values (${trajectoryId}::int, ${state}, ${detail && JSON.stringify(detail)}::json,
      ${reason && storable(reason)}, ${fingerprint})
    on conflict (trajectory_id) do update set state = excluded.state, divergence = excluded.divergence,
      reason = excluded.reason, fingerprint = excluded.fingerprint, checked_at = now()`;
  await referring(what, written);
}

function get(db: Db, trajectoryId: number): Promise<Replay> {
  const what = demandId("trajectory", trajectoryId);
  return readOne(
    db,
    ReplayRow,
    Prisma.sql`select t.id as "trajectoryId", ${replayColumns} from trajectory t
      join environment e on e.id = t.environment_id left join replay_check c on c.trajectory_id = t.id
      where t.id = ${trajectoryId}::int`,
    what,
  );
}

const Counted = z.object({ state: z.enum(replayStates), count: z.number() });

/** Looks at what was replayed only: the rest is counted already. */
async function fidelity(db: Db, environmentId: number): Promise<Fidelity> {
  demandId("environment", environmentId);
  const rows = await read(
    db,
    Counted,
    Prisma.sql`select ${replayState} as state, count(*)::int as count
      from replay_check c join trajectory t on t.id = c.trajectory_id join environment e on e.id = t.environment_id
      where e.id = ${environmentId}::int group by 1`,
  );
  const [total] = await read(
    db,
    z.object({ driver: z.string().nullable(), count: z.number() }),
    Prisma.sql`select e.driver, coalesce(sum(n.trajectories), 0)::int as count from environment e
      left join trajectory_count n on n.environment_id = e.id where e.id = ${environmentId}::int group by e.id`,
  );
  const counts: Fidelity = { unchecked: 0, verified: 0, diverged: 0, not_replayable: 0 };
  if (total?.driver === null) return { ...counts, not_replayable: total.count };
  for (const { state, count } of rows) counts[state] = count;
  counts.unchecked = (total?.count ?? 0) - counts.verified - counts.diverged - counts.not_replayable;
  return counts;
}
