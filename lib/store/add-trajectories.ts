import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import type { Writes } from "./bulk";
import { inTransaction, type Db } from "./client";
import { contentHash } from "./content-hash";
import { Prisma } from "./generated/client";
import { referring } from "./ids";
import { Id, read } from "./rows";
import { demandName, demandStorable } from "./text";
import { insertWords, searchedBy } from "./trajectory-said";

/** Step texts of one statement, in characters: large enough to be fast, small enough to be held. */
const STEPS_CHARACTERS = 4_000_000;

/** A checked draft with all that can be known of it before it is stored; `words` as `searchedBy` gives them. */
export type HashedDraft = { draft: TrajectoryDraft; hash: string; words: string };
type Added = { stored: number; duplicates: number; trajectoryIds: number[] };

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
export async function storeDrafts(
  tx: Writes,
  hashed: HashedDraft[],
  importId: number | null,
): Promise<Added> {
  if (hashed.length === 0) return { stored: 0, duplicates: 0, trajectoryIds: [] };
  const once = [...new Map(hashed.map((each) => [each.hash, each])).values()];
  const known = await idsByHash(tx, hashed);
  const fresh = once.filter(({ hash }) => !known.has(hash));
  const stored = fresh.length === 0 ? [] : await insert(tx, fresh, importId);
  // What another process stored since is found now: its insert was waited for.
  const all = stored.length === fresh.length ? known : await idsByHash(tx, hashed);
  stored.forEach(({ hash, id }) => all.set(hash, id));
  const trajectoryIds = hashed.map(({ hash }) => demandKnown(all, hash));
  return { stored: stored.length, duplicates: hashed.length - stored.length, trajectoryIds };
}

/** A draft with its content hash and its words. @throws AppError invalid_input naming the field that cannot be stored */
export function hashedDraft(given: TrajectoryDraft, index: number): HashedDraft {
  const where = `trajectory ${given.externalId ?? index}`;
  const result = TrajectoryDraft.safeParse(given);
  if (!result.success) throw new AppError("invalid_input", `${where}: ${z.prettifyError(result.error)}`);
  const draft = result.data;
  demandStorable(draft, where);
  const { environment, subtaskKey, model, externalId } = draft;
  for (const [field, name] of Object.entries({ environment, subtaskKey, model, externalId }))
    demandName(name, `the ${field} of ${where.slice(0, 100)}`);
  return { draft, hash: contentHash(draft), words: searchedBy(draft) };
}

async function idsByHash(tx: Writes, hashed: HashedDraft[]): Promise<Map<string, number>> {
  const rows = await read(
    tx,
    Id.extend({ hash: z.string() }),
    Prisma.sql`select id, content_hash as hash from trajectory
      where content_hash = any(${hashed.map(({ hash }) => hash)}::text[])`,
  );
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

async function insert(tx: Writes, fresh: HashedDraft[], importId: number | null) {
  const environments = await environmentIds(tx, fresh);
  const subtasks = await subtaskIds(tx, fresh, environments);
  const rows = fresh.map(({ draft, hash }) => {
    const environmentId = demandKnown(environments, draft.environment);
    const subtask = demandKnown(subtasks, subtaskName(environmentId, draft.subtaskKey));
    const instruction = subtask.instruction === draft.instruction ? null : draft.instruction;
    return { draft, hash, environmentId, subtaskId: subtask.id, instruction };
  });
  const of = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  const stored = await read(
    tx,
    Id.extend({ hash: z.string() }),
    // Ordered, so that ids follow the order of the drafts.
    Prisma.sql`insert into trajectory (environment_id, subtask_id, instruction, source, model, reward, success, opening,
        tools, step_count, final_observation, external_id, content_hash, import_id)
      select environment_id, subtask_id, instruction, source, model, reward, success, opening::json, tools::json,
        step_count, final_observation, external_id, content_hash, ${importId}::int
      from unnest(${of((r) => r.environmentId)}::int[], ${of((r) => r.subtaskId)}::int[],
        ${of((r) => r.instruction)}::text[], ${of((r) => r.draft.source)}::text[], ${of((r) => r.draft.model)}::text[],
        ${of((r) => r.draft.reward)}::float8[], ${of((r) => r.draft.success)}::bool[],
        ${of((r) => JSON.stringify(r.draft.opening))}::text[],
        ${of((r) => (r.draft.tools === null ? null : JSON.stringify(r.draft.tools)))}::text[],
        ${of((r) => r.draft.steps.length)}::int[], ${of((r) => r.draft.finalObservation)}::text[],
        ${of((r) => r.draft.externalId)}::text[], ${of((r) => r.hash)}::text[])
        with ordinality as given(environment_id, subtask_id, instruction, source, model, reward, success, opening, tools,
          step_count, final_observation, external_id, content_hash, position)
      order by position
      on conflict (content_hash) do nothing
      returning id, content_hash as hash`,
  );
  const ids = new Map(stored.map(({ hash, id }) => [hash, id]));
  await insertSteps(
    tx,
    rows.flatMap(({ draft, hash }) => stepsOf(ids.get(hash), draft)),
  );
  await insertWords(
    tx,
    fresh.flatMap(({ words, hash }) => (ids.has(hash) ? [{ id: demandKnown(ids, hash), words }] : [])),
  );
  await count(tx, [...ids.values()]);
  return stored;
}

/** The last statement of the transaction: imports into one environment wait for each other here, and only here. */
async function count(tx: Writes, ids: number[]): Promise<void> {
  await tx.$executeRaw`insert into trajectory_count (environment_id, source, outcome, trajectories)
    select environment_id, source,
      case when success then 'solved' when not success then 'failed' else 'unknown' end, count(*)
    from trajectory where id = any(${ids}::int[]) group by 1, 2, 3 order by 1, 2, 3
    on conflict (environment_id, source, outcome) do update
      set trajectories = trajectory_count.trajectories + excluded.trajectories`;
  await tx.$executeRaw`select cover_trajectories(${ids}::int[])`;
}

type StepRow = { id: number; index: number; step: TrajectoryDraft["steps"][number]; messages: string | null };

function stepsOf(id: number | undefined, { steps }: TrajectoryDraft): StepRow[] {
  if (id === undefined) return [];
  return steps.map((step, index) => {
    return { id, index, step, messages: step.messages === null ? null : JSON.stringify(step.messages) };
  });
}

const stepFields = ({ id, index, step, messages }: StepRow) => [
  ...[id, index, step.observation, step.thought, step.action, step.reward],
  messages,
];

async function insertSteps(tx: Writes, rows: StepRow[]): Promise<void> {
  const columns = "(trajectory_id, step_index, observation, thought, action, reward, messages)";
  if (tx.copy) return tx.copy(`step ${columns}`, rows.map(stepFields));
  let from = 0;
  let characters = 0;
  for (const [index, { step, messages }] of rows.entries()) {
    characters += step.observation.length + step.action.length + (messages?.length ?? 0);
    if (characters < STEPS_CHARACTERS && index < rows.length - 1) continue;
    await insertStepBatch(tx, rows.slice(from, index + 1));
    [from, characters] = [index + 1, 0];
  }
}

async function insertStepBatch(tx: Writes, rows: StepRow[]): Promise<void> {
  const of = <T>(pick: (row: StepRow) => T) => rows.map(pick);
  await tx.$executeRaw`insert into step (trajectory_id, step_index, observation, thought, action, reward, messages)
    select id, index, observation, thought, action, reward, messages::json
    from unnest(${of((r) => r.id)}::int[], ${of((r) => r.index)}::int[], ${of((r) => r.step.observation)}::text[],
      ${of((r) => r.step.thought)}::text[], ${of((r) => r.step.action)}::text[],
      ${of((r) => r.step.reward)}::float8[], ${of((r) => r.messages)}::text[])
      as given(id, index, observation, thought, action, reward, messages)`;
}

/** Environments by name; one seen here first has no driver. */
async function environmentIds(tx: Writes, fresh: HashedDraft[]): Promise<Map<string, number>> {
  const names = [...new Set(fresh.map(({ draft }) => draft.environment))].sort();
  await tx.$executeRaw`insert into environment (name) select * from unnest(${names}::text[]) on conflict do nothing`;
  const rows = await read(
    tx,
    Id.extend({ name: z.string() }),
    Prisma.sql`select id, name from environment where name = any(${names}::text[])`,
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

const subtaskName = (environmentId: number, subtaskKey: string) => `${environmentId}/${subtaskKey}`;

async function subtaskIds(tx: Writes, fresh: HashedDraft[], environments: Map<string, number>) {
  const named = new Map(
    fresh.map(({ draft: { environment, subtaskKey, instruction } }) => {
      const environmentId = demandKnown(environments, environment);
      return [subtaskName(environmentId, subtaskKey), { environmentId, subtaskKey, instruction }];
    }),
  );
  const given = [...named.values()];
  const [environmentIds, keys] = [given.map((g) => g.environmentId), given.map((g) => g.subtaskKey)];
  // Ordered, so that two imports of the same subtasks wait for each other instead of deadlocking.
  await tx.$executeRaw`insert into subtask (environment_id, subtask_key, instruction)
    select * from unnest(${environmentIds}::int[], ${keys}::text[], ${given.map((g) => g.instruction)}::text[])
    order by 1, 2 on conflict do nothing`;
  const rows = await read(
    tx,
    Id.extend({ environmentId: z.number(), subtaskKey: z.string(), instruction: z.string() }),
    Prisma.sql`select id, environment_id as "environmentId", subtask_key as "subtaskKey", instruction from subtask
      where (environment_id, subtask_key) in (select * from unnest(${environmentIds}::int[], ${keys}::text[]))`,
  );
  return new Map(rows.map((row) => [subtaskName(row.environmentId, row.subtaskKey), row]));
}

function demandKnown<T>(map: Map<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new AppError("internal", `${key} was stored and is not there`);
  return value;
}
