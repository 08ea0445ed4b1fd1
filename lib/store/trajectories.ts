import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Store } from "@/lib/core/store";
import { addTrajectories } from "./add-trajectories";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId, possibleIds } from "./ids";
import { Brief, read, readOne, Step, stepColumns, trajectoryColumns, TrajectoryHead } from "./rows";
import { batchOf } from "./trajectory-batch";
import { countTrajectories } from "./trajectory-count";
import { listTrajectories, neighboursOf, trajectoryIds } from "./trajectory-list";
import { containing, demandStorable } from "./text";
import { passagesIn } from "./trajectory-said";

const AMBIGUOUS_SHOWN = 5;
/** Two of the longest names and the slash between them. */
const LONGEST_REFERENCE = 4001;

/** Trajectories, their steps, and the list of them. */
export function trajectoriesIn(db: Db): Store["trajectories"] {
  return {
    add: (drafts, importId) => addTrajectories(db, drafts, importId),
    get: (trajectoryId) => get(db, trajectoryId),
    batch: (trajectoryIds) => batchOf(db, trajectoryIds),
    about: (trajectoryId) => about(db, trajectoryId),
    texts: (trajectoryId, from, count, maxChars) => texts(db, trajectoryId, { from, count, maxChars }),
    find: (trajectoryId, text, limit) => find(db, trajectoryId, text, limit),
    attempts: (trajectoryId, limit) => attempts(db, trajectoryId, limit),
    passages: (trajectoryIds, said) => passagesIn(db, trajectoryIds, said),
    list: (filter, sort, cursor, limit) => listTrajectories(db, filter, sort, cursor, limit),
    count: (filter, cap) => countTrajectories(db, filter, cap),
    ids: (filter, limit) => trajectoryIds(db, filter, limit),
    briefs: (ids) => briefs(db, ids),
    models: () => models(db),
    resolve: (reference) => resolve(db, reference),
    neighbours: (trajectoryId, filter, sort) => neighboursOf(db, trajectoryId, filter, sort),
  };
}

const fromTrajectory = Prisma.sql`from trajectory t
  join environment e on e.id = t.environment_id join subtask s on s.id = t.subtask_id`;

async function get(db: Db, trajectoryId: number) {
  const what = demandId("trajectory", trajectoryId);
  const [head, steps] = await Promise.all([
    readOne(
      db,
      TrajectoryHead,
      Prisma.sql`select ${trajectoryColumns} ${fromTrajectory} where t.id = ${trajectoryId}::int`,
      what,
    ),
    read(
      db,
      Step,
      Prisma.sql`select ${stepColumns} from step where trajectory_id = ${trajectoryId}::int order by step_index`,
    ),
  ]);
  return { ...head, steps };
}

const About = TrajectoryHead.extend({ stepCount: z.number(), rewards: z.number() });

async function about(db: Db, trajectoryId: number) {
  const { rewards, ...head } = await readOne(
    db,
    About,
    Prisma.sql`select ${trajectoryColumns}, t.step_count as "stepCount",
        (select count(*)::int from step where trajectory_id = t.id and reward is not null) as rewards
      ${fromTrajectory} where t.id = ${trajectoryId}::int`,
    demandId("trajectory", trajectoryId),
  );
  const recorded = {
    observations: head.stepCount + (head.finalObservation === null ? 0 : 1),
    rewards: rewards + (head.reward === null ? 0 : 1),
  };
  return { ...head, recorded };
}

const StepTextRow = Step.omit({ messages: true }).extend({ stepIndex: z.number() });

function texts(db: Db, trajectoryId: number, range: { from: number; count: number; maxChars: number }) {
  const { from, count, maxChars } = range;
  return read(
    db,
    StepTextRow,
    Prisma.sql`select step_index as "stepIndex", observation, thought, action, reward from (
        select *, sum(length(observation) + length(coalesce(thought, '')) + length(action))
          over (order by step_index) as so_far
        from step where trajectory_id = ${trajectoryId}::int
          and step_index >= ${from}::int and step_index < ${from}::int + ${count}::int
      ) page where so_far <= ${maxChars}::int or step_index = ${from}::int order by step_index`,
  );
}

async function find(db: Db, trajectoryId: number, text: string, limit: number): Promise<number[]> {
  demandStorable(text, "the text to find");
  const like = containing(text);
  const rows = await read(
    db,
    z.object({ stepIndex: z.number() }),
    Prisma.sql`select step_index as "stepIndex" from step where trajectory_id = ${trajectoryId}::int
      and (observation ilike ${like} or thought ilike ${like} or action ilike ${like})
      order by step_index limit ${limit}::int`,
  );
  return rows.map(({ stepIndex }) => stepIndex);
}

const Attempt = Brief.extend({ model: z.string().nullable() });

async function attempts(db: Db, trajectoryId: number, limit: number) {
  const what = demandId("trajectory", trajectoryId);
  const rows = await read(
    db,
    Attempt,
    Prisma.sql`select id as "trajectoryId", source, model, reward, success, step_count as "stepCount" from trajectory
      where subtask_id = (select subtask_id from trajectory where id = ${trajectoryId}::int)
      order by id desc limit ${limit}::int`,
  );
  if (rows.length === 0) throw new AppError("not_found", `there is no ${what}`);
  return rows;
}

function briefs(db: Db, ids: number[]): Promise<z.infer<typeof Brief>[]> {
  return read(
    db,
    Brief,
    Prisma.sql`select id as "trajectoryId", source, success, reward, step_count as "stepCount" from trajectory
      where id = any(${possibleIds(ids)}::int[]) order by id`,
  );
}

/** Reads one index entry per model, however many trajectories there are. */
async function models(db: Db): Promise<string[]> {
  const rows = await read(
    db,
    z.object({ model: z.string() }),
    Prisma.sql`with recursive each as (
        (select model from trajectory where model is not null order by model limit 1)
        union all
        select (select t.model from trajectory t where t.model > each.model order by t.model limit 1)
        from each where each.model is not null
      )
      select model from each where model is not null order by model`,
  );
  return rows.map(({ model }) => model);
}

const Match = z.object({
  trajectoryId: z.number(),
  stepCount: z.number(),
  environment: z.string(),
  externalId: z.string().nullable(),
  contentHash: z.string(),
});

async function resolve(db: Db, reference: string) {
  demandStorable(reference, "the reference");
  if (reference.length > LONGEST_REFERENCE) throw unknown(`${reference.slice(0, 100)}…`);
  const named = splits(reference);
  const matches = await read(
    db,
    Match,
    Prisma.sql`select t.id as "trajectoryId", t.step_count as "stepCount", e.name as environment,
        t.external_id as "externalId", t.content_hash as "contentHash"
      from trajectory t join environment e on e.id = t.environment_id
      where t.id in (
        select id from trajectory where content_hash = ${reference}
        union select id from trajectory where external_id = ${reference}
        union select t.id from unnest(${named.map((n) => n.environment)}::text[],
            ${named.map((n) => n.externalId)}::text[]) as named(environment, external_id)
          join environment e on e.name = named.environment
          join trajectory t on t.external_id = named.external_id and t.environment_id = e.id
      ) order by t.id limit ${AMBIGUOUS_SHOWN + 1}::int`,
  );
  const [match] = matches;
  if (!match) throw unknown(reference);
  if (matches.length > 1) throw ambiguous(reference, matches);
  return { trajectoryId: match.trajectoryId, stepCount: match.stepCount };
}

/** Every way to read `environment/externalId`: both may hold slashes themselves. */
function splits(reference: string): { environment: string; externalId: string }[] {
  return [...reference.matchAll(/\//g)].map(({ index }) => ({
    environment: reference.slice(0, index),
    externalId: reference.slice(index + 1),
  }));
}

function unknown(reference: string): AppError {
  return new AppError("not_found", `there is no trajectory “${reference}”`, {
    fix: "name it by content hash, external id, or environment/external id",
  });
}

function ambiguous(reference: string, matches: z.infer<typeof Match>[]): AppError {
  const shown = matches.slice(0, AMBIGUOUS_SHOWN);
  const names = shown.map((m) => `${m.environment}/${m.externalId ?? ""} with hash ${m.contentHash}`);
  const more = matches.length > shown.length ? " and more" : "";
  return new AppError(
    "invalid_input",
    `several trajectories are called “${reference}”: ${names.join(", ")}${more}`,
    {
      fix: "name it as environment/external id, or by its whole content hash",
    },
  );
}
