import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Page, TrajectoryFilter, TrajectoryListRow, TrajectorySort } from "@/lib/core/rows";
import type { Db } from "./client";
import { readCursor, writeCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Id, listColumns, read, TrajectoryListRow as ListRow } from "./rows";
import { everyMatch } from "./trajectory-count";
import { lookedAt, matchingOf } from "./trajectory-filter";
import { isByVerdict, phasesOf, walk, type Position } from "./trajectory-walk";

/**
 * A page in the sort's order; ties by id. Rows that were there throughout are met exactly once. Where words are looked for
 * a page may be short, even empty, though `next` goes on: it ends where enough trajectories were looked at.
 */
export async function listTrajectories(
  db: Db,
  filter: TrajectoryFilter,
  sort: TrajectorySort,
  cursor: string | null,
  limit: number,
): Promise<Page<TrajectoryListRow>> {
  const matching = await matchingOf(db, filter, isByVerdict(sort));
  const phases = phasesOf(matching, sort);
  const from = cursor === null ? null : readPosition(cursor, sort, phases.length);
  const asked = { phases, from, limit: limit + 1, backward: false, bounded: true };
  const { positions, stopped } = await walk(db, matching, asked);
  const shown = positions.slice(0, limit);
  const last = positions.length > limit ? shown.at(-1) : stopped;
  return { rows: await rowsAt(db, shown, filter.runId), next: last ? writePosition(last, sort) : null };
}

const Cursor = z.tuple([z.string(), Id.shape.id, z.number().nullable(), Id.shape.id]);

const writePosition = ({ phase, key, id }: Position, sort: TrajectorySort) =>
  writeCursor([sort, phase, key, id]);

function readPosition(cursor: string, sort: TrajectorySort, phases: number): Position {
  const OfThisList = Cursor.refine(([of, phase]) => of === sort && phase >= 0 && phase < phases);
  const [, phase, key, id] = readCursor(OfThisList, cursor);
  return { phase, key, id };
}

async function rowsAt(db: Db, positions: Position[], runId: number | null): Promise<TrajectoryListRow[]> {
  if (positions.length === 0) return [];
  const run = runId === null ? Prisma.sql`t.latest_run_id` : Prisma.sql`${runId}::bigint`;
  const rows = await read(
    db,
    ListRow,
    Prisma.sql`select ${listColumns} from trajectory t
      join environment e on e.id = t.environment_id join subtask s on s.id = t.subtask_id
      left join replay_check c on c.trajectory_id = t.id
      left join run_trajectory rt on rt.trajectory_id = t.id and rt.run_id = ${run}
        and ${lookedAt}
      where t.id = any(${positions.map(({ id }) => id)}::int[])`,
  );
  const byId = new Map(rows.map((row) => [row.trajectoryId, row]));
  return positions.flatMap(({ id }) => byId.get(id) ?? []);
}

/** The first `limit` ids a filter matches, ascending. */
export async function trajectoryIds(db: Db, filter: TrajectoryFilter, limit: number): Promise<number[]> {
  const match = everyMatch(await matchingOf(db, filter));
  const rows = await read(db, Id, Prisma.sql`${match} order by t.id limit ${limit}::int`);
  return rows.map(({ id }) => id);
}

/** The ids before and after one in the order of `listTrajectories`, also when it does not match the filter itself. */
export async function neighboursOf(
  db: Db,
  trajectoryId: number,
  filter: TrajectoryFilter,
  sort: TrajectorySort,
): Promise<{ previous: number | null; next: number | null }> {
  const matching = await matchingOf(db, filter, isByVerdict(sort));
  const phases = phasesOf(matching, sort);
  const from = await positionOf(db, trajectoryId, filter, phases);
  const [before, after] = await Promise.all([
    walk(db, matching, { phases, from, limit: 1, backward: true }),
    walk(db, matching, { phases, from, limit: 1, backward: false }),
  ]);
  return { previous: before.positions[0]?.id ?? null, next: after.positions[0]?.id ?? null };
}

const Key = z.object({ key: z.number().nullable() });

async function positionOf(
  db: Db,
  trajectoryId: number,
  { runId }: TrajectoryFilter,
  phases: ReturnType<typeof phasesOf>,
): Promise<Position> {
  const what = demandId("trajectory", trajectoryId);
  const run = runId === null ? Prisma.sql`t.latest_run_id` : Prisma.sql`${runId}::bigint`;
  const key = phases.find((phase) => phase.key !== null)?.key?.column ?? Prisma.sql`null::int`;
  const [row] = await read(
    db,
    Key,
    Prisma.sql`select ${key} as key from trajectory t
      left join run_trajectory rt on rt.trajectory_id = t.id and rt.run_id = ${run}
      where t.id = ${trajectoryId}::int`,
  );
  if (!row) throw new AppError("not_found", `there is no ${what}`);
  const phase = phases.findIndex((each) => (each.key === null) === (row.key === null));
  return { phase: Math.max(phase, 0), key: row.key, id: trajectoryId };
}
