import { z } from "zod";
import type { ReviewFilter, ReviewHistory, ReviewListRow, ReviewPage } from "@/lib/core/review-history";
import type { StandingDecision } from "@/lib/core/vetoes";
import type { Db } from "./client";
import { readCursor, writeCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { Id, PersonRow, read, Review, reviewColumns } from "./rows";
import { demandStorable } from "./text";

/** Decisions looked at for one page: a filter that hardly any fits goes on from there instead of reading all. */
const LOOKED_AT = 3000;
/** Of conditions that few decisions meet the rarest is walked; more than so many are not counted. */
const FEW = 1000;
/** Characters of an action that are shown of a decision. */
const ACTION_CHARS = 200;

/** Everybody's decisions, newest first. */
export function reviewHistoryIn(db: Db): ReviewHistory {
  return {
    history: (filter, cursor, limit) => history(db, filter, cursor, limit),
    reviewers: (limit) =>
      read(
        db,
        PersonRow,
        Prisma.sql`select id as "personId", name from person
          where exists (select from review where person_id = person.id) order by name limit ${limit}::int`,
      ),
    standing: (filter, limit) => standing(db, filter, limit),
  };
}

/** Where a decision stands; its time as text, as a date has no microseconds. */
const Place = Id.extend({
  time: z
    .string()
    .max(40)
    .regex(/^[\d:. +-]+$/),
});
type Place = z.infer<typeof Place>;
const placeColumns = Prisma.sql`id, at::text as time`;
const newestFirst = Prisma.sql`order by at desc, id desc`;

async function history(
  db: Db,
  filter: ReviewFilter,
  cursor: string | null,
  limit: number,
): Promise<ReviewPage> {
  demandStorable(filter, "the filter");
  const from = cursor === null ? null : readCursor(Place, cursor);
  const walk = await walkOf(db, filter, from);
  const fitting = await read(
    db,
    Place,
    Prisma.sql`select ${placeColumns} from (${walk} limit ${LOOKED_AT}::int) r
      where ${Prisma.join(checked(filter), " and ")} ${newestFirst} limit ${limit + 1}::int`,
  );
  const shown = fitting.slice(0, limit);
  const rows = await rowsAt(db, shown);
  const last = shown.at(-1);
  if (fitting.length > limit && last) return { rows, next: writeCursor(last), lookedUntil: null };
  const [end] = await read(
    db,
    Place.extend({ at: z.date() }),
    Prisma.sql`select ${placeColumns}, at from (${walk} offset ${LOOKED_AT - 1}::int limit 1) r`,
  );
  if (!end) return { rows, next: null, lookedUntil: null };
  const { at, ...place } = end;
  return { rows, next: writeCursor(place), lookedUntil: at };
}

/** All that an index can tell: the rarest condition leads, the others are checked on the rows it gives. */
async function walkOf(db: Db, filter: ReviewFilter, from: Place | null): Promise<Prisma.Sql> {
  const bounds = boundsOf(filter, from);
  const leading = indexed(filter);
  const lead = leading.length < 2 ? leading[0] : await rarest(db, leading, bounds);
  const where = Prisma.join([Prisma.sql`true`, ...(lead ? [lead] : []), ...bounds], " and ");
  return Prisma.sql`select * from review where ${where} ${newestFirst}`;
}

const Counts = z.object({ counts: z.array(z.number()) });

async function rarest(db: Db, conditions: Prisma.Sql[], bounds: Prisma.Sql[]) {
  const counts = conditions.map((condition) => {
    const where = Prisma.join([condition, ...bounds], " and ");
    return Prisma.sql`(select count(*)::int from (select from review where ${where} ${newestFirst} limit ${FEW}::int) x)`;
  });
  const [row] = await read(db, Counts, Prisma.sql`select array[${Prisma.join(counts)}] as counts`);
  const least = Math.min(...(row?.counts ?? [0]));
  return conditions[row?.counts.indexOf(least) ?? 0];
}

function boundsOf({ from, until }: Pick<ReviewFilter, "from" | "until">, place: Place | null): Prisma.Sql[] {
  return [
    ...(from === null ? [] : [Prisma.sql`at >= ${from}::timestamptz`]),
    ...(until === null ? [] : [Prisma.sql`at < ${until}::timestamptz`]),
    ...(place === null ? [] : [Prisma.sql`(at, id) < (${place.time}::timestamptz, ${place.id}::int)`]),
  ];
}

/** Conditions that have an index each, those that are usually rare first. */
function indexed(filter: ReviewFilter): Prisma.Sql[] {
  const { trajectoryId, runId, reason, verdictSeen, personId, environmentId, decision } = filter;
  return [
    ...(trajectoryId === null ? [] : [Prisma.sql`trajectory_id = ${trajectoryId}::int`]),
    ...(reason === null ? [] : [Prisma.sql`reason = ${reason}`]),
    ...(filter.contradicting ? [contradicting] : []),
    ...(runId === null ? [] : [Prisma.sql`run_id = ${runId}::int`]),
    ...(personId === null ? [] : [Prisma.sql`person_id = ${personId}::int`]),
    ...(verdictSeen === null ? [] : [Prisma.sql`verdict_seen = ${verdictSeen}`]),
    ...(environmentId === null ? [] : [Prisma.sql`environment_id = ${environmentId}::int`]),
    ...(decision === null ? [] : [Prisma.sql`decision = ${decision}`]),
  ];
}

/** `contradictsMiner` of the core, word for word the condition of the index review_contradicting. */
const contradicting = Prisma.sql`(decision = 'veto' and verdict_seen in ('beneficial', 'solved')
  or decision in ('approve', 'promote') and verdict_seen in ('harmful', 'redundant', 'dead_end', 'unsolved'))`;

/** Another decision has taken the place of `r`. As a value, not a join: a page asks it of few decisions. */
const undone = Prisma.sql`(select true from review later where later.run_id = r.run_id
  and later.trajectory_id = r.trajectory_id and later.target = r.target and later.target_index = r.target_index
  and later.version = r.version + 1 limit 1) is not null`;

/** Every condition but bounds, on rows `r`. */
function checked(filter: ReviewFilter): Prisma.Sql[] {
  const open = filter.undone === null ? [] : [Prisma.sql`(${undone}) = ${filter.undone}`];
  return [Prisma.sql`true`, ...indexed(filter), ...open];
}

const ListRow: z.ZodType<ReviewListRow> = Review.extend({
  trajectoryId: z.number(),
  runId: z.number(),
  runName: z.string(),
  environment: z.string(),
  subtaskKey: z.string(),
  action: z.string().nullable(),
  undone: z.boolean(),
});

async function rowsAt(db: Db, places: Place[]): Promise<ReviewListRow[]> {
  if (places.length === 0) return [];
  const rows = await read(
    db,
    ListRow,
    Prisma.sql`select ${reviewColumns}, review.trajectory_id as "trajectoryId", review.run_id as "runId",
        run.name as "runName", e.name as environment, s.subtask_key as "subtaskKey", step.action,
        (select ${undone} from review r where r.id = review.id) as undone
      from review join person on person.id = review.person_id join run on run.id = review.run_id
      join trajectory t on t.id = review.trajectory_id join subtask s on s.id = t.subtask_id
      join environment e on e.id = review.environment_id
      left join lateral (select left(action, ${ACTION_CHARS}::int) as action from step
        where trajectory_id = review.trajectory_id and step_index = review.target_index and review.target = 'step'
      ) step on true
      where review.id = any(${places.map(({ id }) => id)}::int[])`,
  );
  const byId = new Map(rows.map((row) => [row.reviewId, row]));
  return places.flatMap(({ id }) => byId.get(id) ?? []);
}

const Standing: z.ZodType<StandingDecision> = z.object({
  decision: z.enum(["approve", "veto", "promote"]),
  reason: z.string().nullable(),
  verdictSeen: z.string().nullable(),
  ruleVersion: z.string(),
  environment: z.string(),
  action: z.string(),
});

async function standing(db: Db, filter: ReviewFilter, limit: number): Promise<StandingDecision[]> {
  demandStorable(filter, "the filter");
  const walk = await walkOf(db, filter, null);
  const where = [
    Prisma.sql`target = 'step' and decision in ('approve', 'veto', 'promote')`,
    ...checked(filter),
  ];
  return read(
    db,
    Standing,
    Prisma.sql`select r.decision, r.reason, r.verdict_seen as "verdictSeen", run.rule_version as "ruleVersion",
        e.name as environment, left(step.action, ${ACTION_CHARS}::int) as action
      from (select * from (${walk} limit ${limit}::int) r where ${Prisma.join(where, " and ")} and not (${undone})) r
      join run on run.id = r.run_id join environment e on e.id = r.environment_id
      join step on step.trajectory_id = r.trajectory_id and step.step_index = r.target_index`,
  );
}
