import { z } from "zod";
import type { CappedCount, TrajectoryFilter } from "@/lib/core/rows";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";
import { conditionsOf, fromTables, matchingOf, outcomeConditions, type Matching } from "./trajectory-filter";
import { saidSample } from "./trajectory-said";
import { isFew } from "./trajectory-walk";

/** Up to so many trajectories there are, a count goes through all of them. */
const ALL = 100_000;
/** Beyond that, what is looked up trajectory by trajectory is counted among the newest of them, so many ids. */
const NEWEST = 16_384;
/** A count of a part is worth showing as "so many or more" from here on; below it all are counted, up to this. */
const ENOUGH = 100;

/**
 * Exact up to `cap`, and no further than one above it; where counting would take looking at most of very many
 * trajectories, at least so many.
 */
export async function countTrajectories(db: Db, filter: TrajectoryFilter, cap: number): Promise<CappedCount> {
  const matching = await matchingOf(db, filter);
  const { count, atLeast } = await countedOf(db, matching, cap);
  return { count: Math.min(count, cap), capped: count > cap || atLeast };
}

type Counted = { count: number; atLeast: boolean };

async function countedOf(db: Db, matching: Matching, cap: number): Promise<Counted> {
  const { saying } = matching;
  const exact = async (most: number) => ({ count: await counted(db, matching, most), atLeast: false });
  if (matching.minedIds || isFew(matching)) return exact(cap);
  const newest = saying === null && isDear(matching) ? await newestFrom(db) : null;
  if (saying === null && newest === null) return exact(cap);
  const sampled = saying
    ? await counted(db, { ...matching, saying: saidSample(saying) }, cap)
    : await counted(db, matching, cap, newest);
  if (sampled > cap) return { count: sampled, atLeast: true };
  if (saying?.amount === "some") return exact(cap);
  if (sampled >= ENOUGH) return { count: sampled, atLeast: true };
  const few = await counted(db, matching, ENOUGH);
  return { count: Math.min(few, ENOUGH), atLeast: few > ENOUGH };
}

/** Whether something is looked up in each trajectory that an index does not tell of. */
const isDear = ({ filter: { coverage, text, disagreement, replay } }: Matching): boolean =>
  [coverage, text, disagreement, replay].some((each) => each !== null);

/** Where the newest trajectories begin; null where there are few enough to count among all. */
async function newestFrom(db: Db): Promise<number | null> {
  const [row] = await read(
    db,
    z.object({ last: z.number().nullable() }),
    Prisma.sql`select max(id) as last from trajectory`,
  );
  const last = row?.last ?? 0;
  return last > ALL ? last - NEWEST : null;
}

/** How many match, up to one above `most`; only of ids after `from`. */
async function counted(
  db: Db,
  matching: Matching,
  most: number,
  from: number | null = null,
): Promise<number> {
  const { mined, filter } = matching;
  // Every table is told: a bound of one does not enter another's index.
  const tables = [
    "t.id",
    ...(mined === "with" ? ["rt.trajectory_id"] : []),
    ...(filter.disagreement ? ["d.trajectory_id"] : []),
  ];
  const after = from === null ? [] : tables.map((id) => Prisma.sql`${Prisma.raw(id)} > ${from}::int`);
  const [row] = await read(
    db,
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from (${everyMatch(matching, after)} limit ${most + 1}::int) x`,
  );
  return row?.count ?? 0;
}

/** Every trajectory that matches, in no order, with more conditions. */
export function everyMatch(matching: Matching, more: Prisma.Sql[] = []): Prisma.Sql {
  const { filter, mined, saying } = matching;
  const lookedUp = isFew(matching) || (saying !== null && saying.amount !== "some");
  const conditions = [
    Prisma.sql`true`,
    ...outcomeConditions(filter),
    ...conditionsOf(matching, mined, true, lookedUp),
    ...more,
  ];
  return Prisma.sql`select t.id from ${fromTables(matching, mined, true)} where ${Prisma.join(conditions, " and ")}`;
}
