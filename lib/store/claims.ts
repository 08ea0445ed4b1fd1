import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Claim, RolloutEnd } from "@/lib/core/rows";
import type { Usage } from "@/lib/core/ports";
import type { Step as StepFact } from "@/lib/core/trajectory";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Id, read, readOne, Step, stepColumns } from "./rows";
import { detailJson } from "./run-entry";
import { mayClaim } from "./run-budget";
import { finishRun, settleTrajectories } from "./settle";
import { demandStorable, storable } from "./text";

const Taken = z.object({
  rolloutId: z.number(),
  runId: z.number(),
  trajectoryId: z.number(),
  stateIndex: z.number(),
  attempt: z.number(),
  epoch: z.number(),
  stepCount: z.number(),
});

type Wanted = { runId: number; trajectoryId: number; owner: string; leaseMs: number };

/**
 * Takes the next queued rollout of a trajectory. The run's row is held shared meanwhile: a run that is being cancelled
 * or paused gives none, and that waits for a claim under way. The lease runs on the database's clock.
 * @throws AppError not_found when there is no such run
 */
export async function claim(
  db: Db,
  runId: number,
  trajectoryId: number,
  owner: string,
  leaseMs: number,
): Promise<Claim | null> {
  const what = demandId("run", runId);
  const wanted = { runId, trajectoryId, owner, leaseMs };
  // Most claims are of a run that is under way and has no budget: one statement for these.
  const taken =
    (await take(db, wanted, Prisma.sql`and budget = '{}'`)) ?? (await takeWithCare(db, wanted, what));
  if (!taken) return null;
  const { stepCount, ...claimed } = taken;
  const recorded = Prisma.sql`select ${stepColumns} from rollout_step
    where rollout_id = ${taken.rolloutId}::int order by step_index`;
  return { ...claimed, steps: stepCount === 0 ? [] : await read(db, Step, recorded) };
}

/** The run's lock comes first: who cancels holds the run and then takes its rollouts. */
async function take(
  tx: Tx,
  { runId, trajectoryId, owner, leaseMs }: Wanted,
  condition: Prisma.Sql,
): Promise<z.infer<typeof Taken> | null> {
  const [taken] = await read(
    tx,
    Taken,
    Prisma.sql`with own as materialized (
        select id, config from run where id = ${runId}::int and state = 'running' ${condition} for share
      ), next as materialized (
        select n.id, own.config from own cross join lateral (
          select id from rollout
          where run_id = own.id and trajectory_id = ${trajectoryId}::int and status = 'queued'
          order by state_index, attempt limit 1 for update skip locked) n
      ), taken as (
        update rollout set status = 'running', owner = ${owner}, epoch = epoch + 1, claims = claims + 1,
          calls_reserved = greatest(0, coalesce((config->>'maxSteps')::int, 1) - step_count),
          lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        from next where rollout.id = next.id
        returning rollout.id, run_id, trajectory_id, state_index, attempt, epoch, step_count
      ), begun as (
        update run_trajectory rt set state = 'running' from taken
        where rt.run_id = taken.run_id and rt.trajectory_id = taken.trajectory_id and rt.state = 'queued'
      )
      select id as "rolloutId", run_id as "runId", trajectory_id as "trajectoryId", state_index as "stateIndex",
        attempt, epoch, step_count as "stepCount" from taken`,
  );
  return taken ?? null;
}

/** Begins a run that waited, and holds one with a budget, so that nothing is promised twice. */
async function takeWithCare(db: Db, wanted: Wanted, what: string): Promise<z.infer<typeof Taken> | null> {
  const { runId } = wanted;
  return inTransaction(db, async (tx) => {
    await tx.$executeRaw`update run set state = 'running', started_at = coalesce(started_at, now())
      where id = ${runId}::int and state = 'queued'`;
    // Before the shared lock: two that hold it could not both take the stronger one.
    if (!(await mayClaim(tx, runId))) return null;
    const state = Prisma.sql`select state from run where id = ${runId}::int for share`;
    const run = await readOne(tx, z.object({ state: z.string() }), state, what);
    return run.state === "running" ? take(tx, wanted, Prisma.empty) : null;
  });
}

/** The condition of every write of a worker: the rollout is still the one it claimed. */
export const owned = (rolloutId: number, epoch: number): Prisma.Sql =>
  Prisma.sql`id = ${rolloutId}::int and epoch = ${epoch}::int and status = 'running'`;

/** Counts a model call before it is made. */
export async function startCall(db: Db, rolloutId: number, epoch: number): Promise<boolean> {
  const counted = await db.$executeRaw`update rollout set calls_started = calls_started + 1,
      calls_reserved = greatest(calls_reserved - 1, 0)
    where ${owned(rolloutId, epoch)}`;
  return counted > 0;
}

/** Adds what calls took that led to no step. */
export async function recordUsage(
  db: Db,
  rolloutId: number,
  epoch: number,
  { promptTokens, completionTokens }: Usage,
): Promise<boolean> {
  const added = await db.$executeRaw`update rollout set prompt_tokens = prompt_tokens + ${promptTokens}::int,
      completion_tokens = completion_tokens + ${completionTokens}::int
    where ${owned(rolloutId, epoch)}`;
  return added > 0;
}

const Recorded = z.object({
  stepCount: z.number(),
  recordedBy: z.number().nullable(),
});

/**
 * Stores a step and what it cost; with `callNext` also the intent of the next call, so that a step takes one transaction
 * instead of two. The rollout is written first: who takes it away meanwhile waits for the step or refuses it. The same
 * step again, by the same epoch, is stored and counted once.
 * @throws AppError invalid_input for text that cannot be stored, or a step that leaves a gap
 */
export async function recordStep(
  db: Db,
  at: {
    rolloutId: number;
    epoch: number;
    stepIndex: number;
    step: StepFact;
    usage: Usage | null;
    callNext: boolean;
  },
): Promise<boolean> {
  const { rolloutId, epoch, stepIndex, step, usage } = at;
  demandStorable(step, `step ${stepIndex} of rollout ${rolloutId}`);
  const messages = step.messages === null ? null : JSON.stringify(step.messages);
  const stored =
    await db.$executeRaw`select where record_step(${rolloutId}::int, ${epoch}::int, ${stepIndex}::int,
    ${at.callNext ? 1 : 0}::int, ${usage?.promptTokens ?? 0}::int, ${usage?.completionTokens ?? 0}::int,
    ${step.observation}, ${step.thought}, ${step.action}, ${step.reward}::float8, ${messages}::json)`;
  return stored > 0 || wasRecorded(db, at);
}

/** Whether a step that could not be added is there already, by the same epoch. @throws AppError invalid_input for a gap */
async function wasRecorded(
  db: Db,
  { rolloutId, epoch, stepIndex }: { rolloutId: number; epoch: number; stepIndex: number },
): Promise<boolean> {
  const [row] = await read(
    db,
    Recorded,
    Prisma.sql`select step_count as "stepCount", (
        select epoch from rollout_step where rollout_id = ${rolloutId}::int and step_index = ${stepIndex}::int
      ) as "recordedBy" from rollout where ${owned(rolloutId, epoch)}`,
  );
  if (row && row.stepCount < stepIndex)
    throw new AppError(
      "invalid_input",
      `step ${stepIndex} of rollout ${rolloutId} cannot follow ${row.stepCount} steps`,
    );
  return row?.recordedBy === epoch;
}

const Ended = Id.extend({ runId: z.number(), trajectoryId: z.number() });

/**
 * Ends a rollout, and with its last one the trajectory, and with that one's last the run, in one transaction.
 * @returns false when it is no longer ours
 * @throws AppError invalid_input for a reward outside 0..1
 */
export async function end(
  db: Db,
  rolloutId: number,
  epoch: number,
  how: RolloutEnd,
  promptVersion: string,
): Promise<boolean> {
  const { reward, success, finalObservation, code, message, detail } = outcomeColumns(how, rolloutId);
  const outcome = Prisma.sql`status = ${how.status}, ended_by = owner, owner = null, lease_until = null,
    finished_at = now(), reward = ${reward}::float8, success = ${success}::bool,
    final_observation = ${finalObservation}, error_code = ${code}, error_message = ${message},
    error_detail = ${detail}::jsonb, prompt_version = nullif(${promptVersion}, '')`;
  if (await endUnlessLast(db, rolloutId, epoch, outcome)) return true;
  return inTransaction(db, async (tx) => {
    const [ended] = await read(
      tx,
      Ended,
      Prisma.sql`update rollout set ${outcome} where ${owned(rolloutId, epoch)}
        returning id, run_id as "runId", trajectory_id as "trajectoryId"`,
    );
    if (!ended) return false;
    const settled = await settleTrajectories(tx, ended.runId, [ended.trajectoryId]);
    if (settled > 0) await finishRun(tx, ended.runId);
    return true;
  });
}

/** Most ends are of rollouts that are not their trajectory's last: one statement for these. */
async function endUnlessLast(
  db: Db,
  rolloutId: number,
  epoch: number,
  outcome: Prisma.Sql,
): Promise<boolean> {
  const ended = await db.$executeRaw`with mine as materialized (
      select id, run_id, trajectory_id from rollout where ${owned(rolloutId, epoch)} for no key update
    )
    update rollout set ${outcome} from mine
    where rollout.id = mine.id and others_open(mine.run_id, mine.trajectory_id, mine.id)`;
  return ended > 0;
}

/** The columns an end fills; text that cannot be stored is made visible, so that every rollout can be ended. */
export function outcomeColumns(how: RolloutEnd, name: number | string) {
  const none = {
    reward: null,
    success: null,
    finalObservation: null,
    code: null,
    message: null,
    detail: null,
  };
  if (how.status === "errored") {
    const { code, message, detail } = how;
    return { ...none, code, message: storable(message), detail: detailJson(detail) };
  }
  const { reward, success, finalObservation } = how;
  if (!(reward >= 0 && reward <= 1))
    throw new AppError(
      "invalid_input",
      `the reward of rollout ${name} must be between 0 and 1, not ${reward}`,
    );
  return { ...none, reward, success, finalObservation: storable(finalObservation) };
}
