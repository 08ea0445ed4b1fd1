import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import { inTransaction, type Db, type Runs } from "./client";
import { contentHash } from "./content-hash";
import { Prisma } from "./generated/client";
import { referring } from "./ids";
import { Id, read } from "./rows";
import { demandName, demandStorable } from "./text";
import { insertWords, searchedBy } from "./trajectory-said";

/** Step texts of one statement, in characters: large enough to be fast, small enough to be held. */
const STEPS_CHARACTERS = 4_000_000;

/** What is stored of a draft beside its steps and words, with all that can be known of it before. */
export type DraftRow = Omit<TrajectoryDraft, "opening" | "tools" | "steps"> & {
  opening: string;
  tools: string | null;
  stepCount: number;
  hash: string;
};

/** A checked draft with all that can be known of it before it is stored; `words` as `searchedBy` gives them. */
export type HashedDraft = { row: DraftRow; steps: Step[]; words: string };
type Step = TrajectoryDraft["steps"][number];
type Added = { stored: number; duplicates: number; trajectoryIds: number[] };

/** Stores the steps and words of the trajectories that were stored just now, whose ids are given by hash. */
type StoreRest = (ids: Map<string, number>) => Promise<void>;

/**
 * Stores drafts in one transaction. Any number of processes may add the same ones at once: each is stored once.
 * @returns `trajectoryIds` one per draft, in their order; of a duplicate the id of the one stored before
 * @throws AppError invalid_input naming the draft and the field that cannot be stored; then nothing is stored
 */
export async function addTrajectories(
  db: Db,
  drafts: TrajectoryDraft[],
  importId: number | null,
): Promise<Added> {
  const hashed = drafts.map(hashedDraft);
  const added = inTransaction(db, (tx) => storeDrafts(tx, hashed, importId));
  return referring("the batch of trajectories", added);
}

/** Stores checked drafts as a part of a larger transaction; see `addTrajectories`. */
export function storeDrafts(tx: Runs, hashed: HashedDraft[], importId: number | null): Promise<Added> {
  const rows = hashed.map(({ row }) => row);
  return storeRows(tx, rows, importId, async (ids) => {
    const fresh = new Map(hashed.map((each) => [each.row.hash, each]));
    const stored = [...ids].map(([hash, id]) => ({ id, ...demandKnown(fresh, hash) }));
    await insertSteps(tx, stored.flatMap(stepsOf));
    await insertWords(tx, stored);
  });
}

/** Stores trajectories as a part of a larger transaction, and the rest of those that were not there by `rest`. */
export async function storeRows(
  tx: Runs,
  rows: DraftRow[],
  importId: number | null,
  rest: StoreRest,
): Promise<Added> {
  if (rows.length === 0) return { stored: 0, duplicates: 0, trajectoryIds: [] };
  const once = [...new Map(rows.map((each) => [each.hash, each])).values()];
  const known = await idsByHash(tx, rows);
  const fresh = once.filter(({ hash }) => !known.has(hash));
  const stored = fresh.length === 0 ? [] : await insert(tx, fresh, importId);
  if (stored.length > 0) {
    await rest(new Map(stored.map(({ hash, id }) => [hash, id])));
    await count(
      tx,
      stored.map(({ id }) => id),
    );
  }
  // What another process stored since is found now: its insert was waited for.
  const all = stored.length === fresh.length ? known : await idsByHash(tx, rows);
  stored.forEach(({ hash, id }) => all.set(hash, id));
  const trajectoryIds = rows.map(({ hash }) => demandKnown(all, hash));
  return { stored: stored.length, duplicates: rows.length - stored.length, trajectoryIds };
}

/** A draft as it may be stored. @throws AppError invalid_input naming the field that cannot be stored */
export function checkedDraft(given: TrajectoryDraft, index: number): TrajectoryDraft {
  const where = `trajectory ${given.externalId ?? index}`;
  const result = TrajectoryDraft.safeParse(given);
  if (!result.success) throw new AppError("invalid_input", `${where}: ${z.prettifyError(result.error)}`);
  const draft = result.data;
  demandStorable(draft, where);
  const { environment, subtaskKey, model, externalId } = draft;
  for (const [field, name] of Object.entries({ environment, subtaskKey, model, externalId }))
    demandName(name, `the ${field} of ${where.slice(0, 100)}`);
  return draft;
}

/** The row of a checked draft. */
export function rowOf(draft: TrajectoryDraft): DraftRow {
  const { opening, tools, steps, ...row } = draft;
  return {
    ...row,
    opening: JSON.stringify(opening),
    tools: tools === null ? null : JSON.stringify(tools),
    stepCount: steps.length,
    hash: contentHash(draft),
  };
}

/** A draft with its content hash and its words. @throws AppError invalid_input as `checkedDraft` */
export function hashedDraft(given: TrajectoryDraft, index: number): HashedDraft {
  const draft = checkedDraft(given, index);
  return { row: rowOf(draft), steps: draft.steps, words: searchedBy(draft) };
}

async function idsByHash(tx: Runs, hashed: DraftRow[]): Promise<Map<string, number>> {
  const rows = await read(
    tx,
    Id.extend({ hash: z.string() }),
    Prisma.sql`select id, content_hash as hash from trajectory
      where content_hash = any(${hashed.map(({ hash }) => hash)}::text[])`,
  );
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

async function insert(tx: Runs, fresh: DraftRow[], importId: number | null) {
  const environments = await environmentIds(tx, fresh);
  const subtasks = await subtaskIds(tx, fresh, environments);
  const rows = fresh.map((row) => {
    const environmentId = demandKnown(environments, row.environment);
    const subtask = demandKnown(subtasks, subtaskName(environmentId, row.subtaskKey));
    const instruction = subtask.instruction === row.instruction ? null : row.instruction;
    return { ...row, environmentId, subtaskId: subtask.id, instruction };
  });
  const of = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  return read(
    tx,
    Id.extend({ hash: z.string() }),
    // Ordered, so that ids follow the order of the drafts.
    Prisma.sql`insert into trajectory (environment_id, subtask_id, instruction, source, model, reward, success, opening,
        tools, step_count, final_observation, external_id, content_hash, import_id)
      select environment_id, subtask_id, instruction, source, model, reward, success, opening::json, tools::json,
        step_count, final_observation, external_id, content_hash, ${importId}::int
      from unnest(${of((r) => r.environmentId)}::int[], ${of((r) => r.subtaskId)}::int[],
        ${of((r) => r.instruction)}::text[], ${of((r) => r.source)}::text[], ${of((r) => r.model)}::text[],
        ${of((r) => r.reward)}::float8[], ${of((r) => r.success)}::bool[], ${of((r) => r.opening)}::text[],
        ${of((r) => r.tools)}::text[], ${of((r) => r.stepCount)}::int[], ${of((r) => r.finalObservation)}::text[],
        ${of((r) => r.externalId)}::text[], ${of((r) => r.hash)}::text[])
        with ordinality as given(environment_id, subtask_id, instruction, source, model, reward, success, opening, tools,
          step_count, final_observation, external_id, content_hash, position)
      order by position
      on conflict (content_hash) do nothing
      returning id, content_hash as hash`,
  );
}

/** The last statement of the transaction: imports into one environment wait for each other here, and only here. */
async function count(tx: Runs, ids: number[]): Promise<void> {
  await tx.$executeRaw`insert into trajectory_count (environment_id, source, outcome, trajectories)
    select environment_id, source,
      case when success then 'solved' when not success then 'failed' else 'unknown' end, count(*)
    from trajectory where id = any(${ids}::int[]) group by 1, 2, 3 order by 1, 2, 3
    on conflict (environment_id, source, outcome) do update
      set trajectories = trajectory_count.trajectories + excluded.trajectories`;
  await tx.$executeRaw`select cover_trajectories(${ids}::int[])`;
}

type StepRow = { id: number; index: number; step: Step; messages: string | null };

const stepsOf = ({ id, steps }: { id: number; steps: Step[] }): StepRow[] =>
  steps.map((step, index) => ({ id, index, step, messages: messagesOf(step) }));

/** The JSON of the chat messages of a step; null where it has none. */
export const messagesOf = ({ messages }: Step): string | null =>
  messages === null ? null : JSON.stringify(messages);

async function insertSteps(tx: Runs, rows: StepRow[]): Promise<void> {
  let from = 0;
  let characters = 0;
  for (const [index, { step, messages }] of rows.entries()) {
    characters += step.observation.length + step.action.length + (messages?.length ?? 0);
    if (characters < STEPS_CHARACTERS && index < rows.length - 1) continue;
    await insertStepBatch(tx, rows.slice(from, index + 1));
    [from, characters] = [index + 1, 0];
  }
}

async function insertStepBatch(tx: Runs, rows: StepRow[]): Promise<void> {
  const of = <T>(pick: (row: StepRow) => T) => rows.map(pick);
  await tx.$executeRaw`insert into step (trajectory_id, step_index, observation, thought, action, reward, messages)
    select id, index, observation, thought, action, reward, messages::json
    from unnest(${of((r) => r.id)}::int[], ${of((r) => r.index)}::int[], ${of((r) => r.step.observation)}::text[],
      ${of((r) => r.step.thought)}::text[], ${of((r) => r.step.action)}::text[],
      ${of((r) => r.step.reward)}::float8[], ${of((r) => r.messages)}::text[])
      as given(id, index, observation, thought, action, reward, messages)`;
}

/** Environments by name; one seen here first has no driver. */
async function environmentIds(tx: Runs, fresh: DraftRow[]): Promise<Map<string, number>> {
  const names = [...new Set(fresh.map(({ environment }) => environment))].sort();
  const find = Prisma.sql`select id, name from environment where name = any(${names}::text[])`;
  const Found = Id.extend({ name: z.string() });
  let rows = await read(tx, Found, find);
  if (rows.length < names.length) {
    await tx.$executeRaw`insert into environment (name) select * from unnest(${names}::text[]) on conflict do nothing`;
    rows = await read(tx, Found, find);
  }
  return new Map(rows.map(({ name, id }) => [name, id]));
}

const subtaskName = (environmentId: number, subtaskKey: string) => `${environmentId}/${subtaskKey}`;

const FoundSubtask = Id.extend({
  environmentId: z.number(),
  subtaskKey: z.string(),
  instruction: z.string(),
});

async function subtaskIds(tx: Runs, fresh: DraftRow[], environments: Map<string, number>) {
  const named = new Map(
    fresh.map(({ environment, subtaskKey, instruction }) => {
      const environmentId = demandKnown(environments, environment);
      return [subtaskName(environmentId, subtaskKey), { environmentId, subtaskKey, instruction }];
    }),
  );
  const found = await findSubtasks(tx, [...named.values()]);
  const known = new Map(found.map((row) => [subtaskName(row.environmentId, row.subtaskKey), row]));
  const missing = [...named].flatMap(([name, subtask]) => (known.has(name) ? [] : [subtask]));
  if (missing.length === 0) return known;
  // Ordered, so that two imports of the same subtasks wait for each other instead of deadlocking.
  const added = await read(
    tx,
    FoundSubtask,
    Prisma.sql`insert into subtask (environment_id, subtask_key, instruction)
      select * from unnest(${missing.map((m) => m.environmentId)}::int[], ${missing.map((m) => m.subtaskKey)}::text[],
        ${missing.map((m) => m.instruction)}::text[])
      order by 1, 2 on conflict do nothing
      returning id, environment_id as "environmentId", subtask_key as "subtaskKey", instruction`,
  );
  // What another process stored since was waited for, and is found now.
  const all = added.length === missing.length ? added : await findSubtasks(tx, missing);
  for (const row of all) known.set(subtaskName(row.environmentId, row.subtaskKey), row);
  return known;
}

const findSubtasks = (tx: Runs, named: { environmentId: number; subtaskKey: string }[]) =>
  read(
    tx,
    FoundSubtask,
    Prisma.sql`select id, environment_id as "environmentId", subtask_key as "subtaskKey", instruction from subtask
      where (environment_id, subtask_key) in
        (select * from unnest(${named.map((n) => n.environmentId)}::int[], ${named.map((n) => n.subtaskKey)}::text[]))`,
  );

function demandKnown<T>(map: Map<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new AppError("internal", `${key} was stored and is not there`);
  return value;
}
