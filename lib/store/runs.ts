import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { RunRow as Run } from "@/lib/core/rows";
import { MOST_MIN_ATTEMPTS, type VerdictRule } from "@/lib/core/rule";
import type { RunState } from "@/lib/core/run";
import { isLimited } from "@/lib/core/run-budget";
import type { Store } from "@/lib/core/store";
import { joinIteration } from "./campaign-links";
import { inTransaction, type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, possibleIds, referring } from "./ids";
import { planRollouts, requeueRollouts } from "./plan-rollouts";
import { Id, read, readOne, RunRow, runColumns, RunTrajectoryRow, runTrajectoryColumns } from "./rows";
import { activityOf } from "./run-activity";
import { evidenceOf, textLengths } from "./run-evidence";
import { writeEntry, type EntryChange } from "./run-entry";
import { errorsOf, lastEnds, progressOf } from "./run-progress";
import { ledgerOf, setBudget } from "./run-budget";
import { finishRun } from "./settle";
import { demandStorable, storable } from "./text";

const fromRuns = Prisma.sql`select ${runColumns} from run join person on person.id = run.person_id`;

const RunName = z.object({ runId: z.number(), name: z.string(), checkpoint: z.string() });

/** Runs, the trajectories planned in them, and what is derived of both. */
export function runsIn(db: Db): Store["runs"] {
  return {
    create: (run) => create(db, run),
    ledger: async (runId) => {
      const { maxSteps: _, ...ledger } = await ledgerOf(db, runId);
      return ledger;
    },
    setBudget: (runId, budget) => setBudget(db, runId, budget),
    get: (runId) => getRun(db, runId),
    list: (cursor, limit) => list(db, cursor, limit),
    names: (limit) =>
      read(
        db,
        RunName,
        Prisma.sql`select id as "runId", name, checkpoint from run order by id desc limit ${limit}::int`,
      ),
    progress: async (runId) => {
      demandId("run", runId);
      return progressOf(db, [runId]).then((of) => of(runId));
    },
    move: (runId, from, to, error) => move(db, runId, from, to, error),
    setRule: (runId, rule) => setRule(db, runId, rule),
    plan: (runId, trajectories) => planRollouts(db, runId, trajectories),
    trajectories: (runId, cursor, limit) => trajectories(db, runId, cursor, limit),
    trajectoryIds: (runId, states) => trajectoryIds(db, runId, states),
    of: (trajectoryId) => runsOf(db, trajectoryId),
    idsOf: (trajectoryIds) => runIdsOf(db, trajectoryIds),
    errors: (runId) => errorsOf(db, runId),
    lastEnds: (runId, limit) => lastEnds(db, runId, limit),
    activity: (runId) => activityOf(db, runId),
    evidence: (runId) => evidenceOf(db, runId),
    textLengths: (runId, wanted) => textLengths(db, runId, wanted),
    mark: (runId, trajectoryId, change) => mark(db, runId, trajectoryId, change),
    requeue: (runId, statuses) => requeueRollouts(db, runId, statuses),
  };
}

async function create(db: Db, run: Parameters<Store["runs"]["create"]>[0]): Promise<Run> {
  demandStorable(run, "the run");
  const { budget, prices, iteration, ...rest } = run;
  const limits = {
    ...(budget && isLimited(budget) ? { budget } : {}),
    ...(prices ? { prices } : {}),
  };
  const created = inTransaction(db, async (tx) => {
    const { id } = await tx.run.create({ data: { ...rest, ...limits }, select: { id: true } });
    if (iteration) await joinIteration(tx, iteration, "run", id);
    return id;
  });
  return getRun(db, await referring("the run", created));
}

/** @throws AppError not_found */
export async function getRun(tx: Tx, runId: number): Promise<Run> {
  const what = demandId("run", runId);
  return readOne(tx, RunRow, Prisma.sql`${fromRuns} where run.id = ${runId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where run.id < ${after}::int`;
  const sql = Prisma.sql`${fromRuns} ${before} order by run.id desc limit ${limit + 1}::int`;
  const page = pageOf(await read(db, RunRow, sql), limit, (run) => run.runId);
  const of = await progressOf(
    db,
    page.rows.map((run) => run.runId),
  );
  return { ...page, rows: page.rows.map((run) => ({ ...run, progress: of(run.runId) })) };
}

async function move(db: Db, runId: number, from: RunState[], to: RunState, error?: string | null) {
  const what = demandId("run", runId);
  const ended = to === "done" || to === "cancelled" || to === "failed";
  const moved = await db.$executeRaw`update run set state = ${to},
      error = case when ${error !== undefined}::bool then ${storable(error ?? null)} else error end,
      started_at = case when ${to === "running"}::bool then coalesce(started_at, now()) else started_at end,
      finished_at = case when ${ended}::bool then now() end
    where id = ${runId}::int and state = any(${from}::text[])`;
  if (moved === 0) await readOne(db, Id, Prisma.sql`select id from run where id = ${runId}::int`, what);
  return moved > 0;
}

async function setRule(
  db: Db,
  runId: number,
  { alpha, minAttempts, ruleVersion }: VerdictRule,
): Promise<void> {
  const what = demandId("run", runId);
  if (!(alpha >= 0 && alpha <= 1))
    throw new AppError(
      "invalid_input",
      `the confidence asked of ${what} must be between 0 and 1, not ${alpha}`,
    );
  if (!(Number.isInteger(minAttempts) && minAttempts >= 1 && minAttempts <= MOST_MIN_ATTEMPTS))
    throw new AppError(
      "invalid_input",
      `the rollouts per state asked of ${what} must be 1 to ${MOST_MIN_ATTEMPTS}, not ${minAttempts}`,
    );
  const changed =
    await db.$executeRaw`update run set alpha = ${alpha}::float8, min_attempts = ${minAttempts}::int,
    rule_version = ${ruleVersion} where id = ${runId}::int`;
  if (changed === 0) throw new AppError("not_found", `there is no ${what}`);
}

const RunTrajectory = RunTrajectoryRow.extend({
  instruction: z.string(),
  subtaskKey: z.string(),
  environment: z.string(),
  stepCount: z.number(),
  reward: z.number().nullable(),
});

async function trajectories(db: Db, runId: number, cursor: string | null, limit: number) {
  await getRun(db, runId);
  const after = readIdCursor(cursor) ?? 0;
  const rows = await read(
    db,
    RunTrajectory,
    Prisma.sql`select ${runTrajectoryColumns}, coalesce(t.instruction, s.instruction) as instruction,
        s.subtask_key as "subtaskKey", e.name as environment, t.step_count as "stepCount", t.reward
      from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
      join subtask s on s.id = t.subtask_id join environment e on e.id = t.environment_id
      where rt.run_id = ${runId}::int and rt.trajectory_id > ${after}::int
      order by rt.trajectory_id limit ${limit + 1}::int`,
  );
  return pageOf(rows, limit, (row) => row.trajectoryId);
}

async function trajectoryIds(db: Db, runId: number, states?: EntryChange["state"][]): Promise<number[]> {
  await getRun(db, runId);
  const some = states ? Prisma.sql`and state = any(${states}::text[])` : Prisma.empty;
  const sql = Prisma.sql`select trajectory_id as id from run_trajectory
    where run_id = ${runId}::int ${some} order by trajectory_id`;
  return (await read(db, Id, sql)).map(({ id }) => id);
}

/** Runs that finished this trajectory or have a completed rollout of it. */
async function runsOf(db: Db, trajectoryId: number): Promise<Run[]> {
  demandId("trajectory", trajectoryId);
  return read(
    db,
    RunRow,
    Prisma.sql`${fromRuns} join run_trajectory rt on rt.run_id = run.id
      where rt.trajectory_id = ${trajectoryId}::int and ${hasEvidence} order by run.id desc`,
  );
}

const hasEvidence = Prisma.sql`(rt.state in ('done', 'errored') or exists (
  select from rollout r where r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id and r.status = 'completed'))`;

const RunIdOf = z.object({ trajectoryId: z.number(), runId: z.number() });

function runIdsOf(db: Db, trajectoryIds: number[]) {
  return read(
    db,
    RunIdOf,
    Prisma.sql`select rt.trajectory_id as "trajectoryId", rt.run_id as "runId" from run_trajectory rt
      where rt.trajectory_id = any(${possibleIds(trajectoryIds)}::int[]) and ${hasEvidence}
      order by rt.trajectory_id, rt.run_id desc`,
  );
}

async function mark(db: Db, runId: number, trajectoryId: number, change: EntryChange): Promise<void> {
  const what = `${demandId("trajectory", trajectoryId)} in ${demandId("run", runId)}`;
  await inTransaction(db, async (tx) => {
    if (!(await writeEntry(tx, runId, trajectoryId, change)))
      throw new AppError("not_found", `there is no ${what}`);
    if (change.state !== undefined && change.state !== "running") await finishRun(tx, runId);
  });
}
