import { z } from "zod";
import type { TrajectorySort } from "@/lib/core/rows";
import { sources } from "@/lib/core/trajectory";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";
import { conditionsOf, fromTables, outcomeConditions, type Matching, type Mined } from "./trajectory-filter";

/** Where a row stands in a list: which phase, the value it is sorted by (null in a phase without), its id. */
export type Position = { phase: number; key: number | null; id: number };

/**
 * One stretch of a list that one index can be walked for: rows that have the value sorted by, then rows that have none,
 * by id. Sorting is descending but for the oldest first.
 */
export type Phase = {
  key: { column: Prisma.Sql; type: Prisma.Sql } | null;
  ascending: boolean;
  mined: Mined;
  /** Walks an index of the run's rows instead of one of the trajectories. */
  byRun: boolean;
  /** Rows without the value: the column that is null in all of them. */
  nulls: Prisma.Sql | null;
};

const Int = Prisma.sql`int`;
const Float = Prisma.sql`float8`;

/** Whether a sort looks at what a run found. */
export const isByVerdict = (sort: TrajectorySort): sort is "beneficial" | "harmful" | "undecided" | "worth" =>
  sort === "beneficial" || sort === "harmful" || sort === "undecided" || sort === "worth";

/** The stretches of a sort, in order. */
export function phasesOf({ mined }: Matching, sort: TrajectorySort): Phase[] {
  const byId = { key: null, ascending: sort === "oldest", mined, byRun: mined === "with", nulls: null };
  if (sort === "newest" || sort === "oldest") return [byId];
  const byKey = (column: Prisma.Sql, type: Prisma.Sql) => ({ ...byId, key: { column, type }, byRun: false });
  if (sort === "length") return [byKey(Prisma.sql`t.step_count`, Int)];
  const reward = Prisma.sql`t.reward`;
  if (sort === "reward") return [byKey(reward, Float), { ...byId, byRun: false, nulls: reward }];
  const type = sort === "worth" ? Float : Int;
  const count = { ...byKey(Prisma.raw(`rt.${sort}`), type), mined: "with" as const, byRun: true };
  const unmined = { ...byId, mined: "without" as const };
  return [...(mined === "without" ? [] : [count]), ...(mined === "with" ? [] : [unmined])];
}

type Walk = { phases: Phase[]; from: Position | null; limit: number; backward: boolean };

/** The positions after `from` (before it when `backward`, nearest first), through as many phases as it takes. */
export async function walk(
  db: Db,
  matching: Matching,
  { phases, from, limit, backward }: Walk,
): Promise<Position[]> {
  const order = [...phases.keys()].filter(
    (phase) => from === null || (backward ? phase <= from.phase : phase >= from.phase),
  );
  const positions: Position[] = [];
  for (const phase of backward ? order.reverse() : order) {
    const at = phases[phase];
    if (!at || positions.length === limit) break;
    const start = from?.phase === phase ? from : null;
    const sql = stretch(matching, at, start, limit - positions.length, backward);
    const rows = await read(db, At, sql);
    positions.push(...rows.map((row) => ({ phase, ...row })));
  }
  return positions;
}

const At = z.object({ id: z.number(), key: z.number().nullable() });

type Stretch = { from: Position | null; limit: number; ascending: boolean };

function stretch(matching: Matching, phase: Phase, from: Position | null, limit: number, backward: boolean) {
  const part = { from, limit, ascending: phase.ascending !== backward };
  const few = isFew(matching) || (phase.mined === "with" && matching.minedIds);
  return few ? sorted(matching, phase, part) : walked(matching, phase, part);
}

/** Whether few rows fit whatever they are sorted by, and are looked up one by one. */
export const isFew = ({ text, saying, askedSubtaskIds, fewDisagreed }: Matching): boolean =>
  Boolean(text?.subtaskIds ?? askedSubtaskIds) || saying?.amount === "few" || fewDisagreed;

const directionOf = ({ ascending }: Stretch) => (ascending ? Prisma.sql`asc` : Prisma.sql`desc`);
const idOf = ({ byRun }: Phase) => (byRun ? Prisma.sql`rt.trajectory_id` : Prisma.sql`t.id`);
const keyOf = ({ key }: Phase) => key?.column ?? Prisma.sql`null::int`;

/** Few rows fit: all of them are fetched, then sorted. Materialized, or an index would be walked all the same. */
function sorted(matching: Matching, given: Phase, part: Stretch): Prisma.Sql {
  const { minedIds, minedWhole } = matching;
  // Nothing of their runs is to be read any more, unless they are sorted by it.
  const bare =
    minedWhole && given.mined === "with" && !(given.byRun && given.key) && !matching.filter.disagreement;
  const phase = bare ? { ...given, mined: "any" as const, byRun: false } : given;
  // Each is looked up by itself: as a condition on ids it has been taken for a reason to read the whole of a wide index.
  const tables = bare
    ? Prisma.sql`unnest(${minedIds}::int[]) given(id)
        cross join lateral (select * from trajectory t where t.id = given.id offset 0) t`
    : fromTables(matching, phase.mined, true);
  // As truth values: no index of half of all trajectories is asked as well.
  const outcomes = outcomeConditions(matching.filter).map((outcome) => Prisma.sql`(${outcome}) is true`);
  const where = [...outcomes, ...fitting(matching, phase, true)];
  const after = part.from ? beyond(phase, Prisma.sql`key`, Prisma.sql`id`, part) : Prisma.sql`true`;
  return Prisma.sql`with few as materialized (
      select ${idOf(phase)} as id, ${keyOf(phase)} as key from ${tables}
      where ${Prisma.join(where, " and ")})
    select id, key from few where ${after}
    order by key ${directionOf(part)}, id ${directionOf(part)} limit ${part.limit}::int`;
}

/** One query per index to walk, merged: each combination of source and success is a walk of its own. */
function walked(matching: Matching, phase: Phase, part: Stretch): Prisma.Sql {
  const key = phase.key?.column ?? null;
  // Rows without the value sorted by are told by an index of that: hardly any may be, of any number of disagreements.
  const byDisagreement = matching.filter.disagreement !== null && key === null && !phase.nulls;
  // Of what is not mined strategies disagree on hardly anything: all others would be looked up for nothing.
  const inOrder = phase.mined === "without" ? true : "in order";
  const id = byDisagreement ? Prisma.sql`d.trajectory_id` : idOf(phase);
  const direction = directionOf(part);
  const outcomes = byDisagreement ? null : outcomesOf(matching, phase);
  const walks = (outcomes ?? [outcomeConditions(matching.filter)]).map((outcome) => {
    // Of ids both tables are told: a bound of one does not enter the other's index.
    const ids = phase.byRun && !key && !byDisagreement ? [id, Prisma.sql`t.id`] : [id];
    const after = part.from ? ids.map((each) => beyond(phase, key, each, part)) : [];
    // A column known to be null must be named for its index to count as ordered.
    const order = [outcomes && Prisma.sql`t.success`, key ?? phase.nulls, id].flatMap((column) =>
      column ? [Prisma.sql`${column} ${direction}`] : [],
    );
    return Prisma.sql`(select ${id} as id, ${keyOf(phase)} as key
      from ${fromTables(matching, phase.mined, byDisagreement && inOrder)}
      where ${Prisma.join([...outcome, ...fitting(matching, phase, byDisagreement), ...after], " and ")}
      order by ${Prisma.join(order, ", ")} limit ${part.limit}::int)`;
  });
  return Prisma.sql`select id, key from (${Prisma.join(walks, " union all ")}) walks
    order by key ${direction}, id ${direction} limit ${part.limit}::int`;
}

function fitting(matching: Matching, phase: Phase, byDisagreement: boolean): Prisma.Sql[] {
  return [
    Prisma.sql`true`,
    ...conditionsOf(matching, phase.mined, byDisagreement, byDisagreement || !phase.byRun),
    ...(phase.key ? [Prisma.sql`${phase.key.column} is not null`] : []),
    ...(phase.nulls ? [Prisma.sql`${phase.nulls} is null`] : []),
  ];
}

function beyond({ key: of }: Phase, key: Prisma.Sql | null, id: Prisma.Sql, { from, ascending }: Stretch) {
  const after = ascending ? Prisma.sql`>` : Prisma.sql`<`;
  return key && of
    ? Prisma.sql`(${key}, ${id}) ${after} (${from?.key}::${of.type}, ${from?.id}::int)`
    : Prisma.sql`${id} ${after} ${from?.id}::int`;
}

/** Source and success begin every index of trajectories, so each combination is a walk; null where one walk will do. */
function outcomesOf({ filter }: Matching, phase: Phase): Prisma.Sql[][] | null {
  const { source, success } = filter;
  const everything = source === null && success === null && phase.key === null && phase.nulls === null;
  if (phase.byRun || (everything && phase.mined === "any")) return null;
  const successes = success === null ? ["= true", "= false", "is null"] : [`= ${success}`];
  return (source === null ? sources : [source]).flatMap((each) =>
    successes.map((is) => [Prisma.sql`t.source = ${each}`, Prisma.raw(`t.success ${is}`)]),
  );
}
