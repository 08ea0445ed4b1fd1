import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { rolloutStatuses } from "@/lib/core/evidence";
import { recordedDecisions, reviewStates, reviewTargets, type Review as ReviewFact } from "@/lib/core/review";
import { EnvironmentAbout } from "@/lib/core/environment-about";
import type * as Core from "@/lib/core/rows";
import { reviewPolicies } from "@/lib/core/rows";
import { ruleVersions, type VerdictRule } from "@/lib/core/rule";
import { RunBudget, runEndReasons } from "@/lib/core/run-budget";
import { Divergence, replayStates, RunConfig, runOrigins, runStates } from "@/lib/core/run";
import { Message, sources, Step as StepFact } from "@/lib/core/trajectory";
import { isStale } from "./campaign-links";
import type { Runs } from "./client";
import { Prisma } from "./generated/client";

/**
 * The one place where database rows become domain objects. A row's columns are named as the domain names them in the
 * SQL beside its schema, and every row is parsed: what does not fit is an error that names it.
 */

const Int = z.number().int();
const Count = Int.min(0);
const Text = z.string().nullable();
const Time = z.date();

/** Runs a query and parses its rows. @throws AppError internal naming the row that does not fit */
export async function read<T>(tx: Runs, Row: z.ZodType<T>, sql: Prisma.Sql): Promise<T[]> {
  const rows = await tx.$queryRaw<unknown[]>(sql);
  return rows.map((row) => parseRow(Row, row));
}

/** Reads the one row there must be. @throws AppError not_found */
export async function readOne<T>(tx: Runs, Row: z.ZodType<T>, sql: Prisma.Sql, what: string): Promise<T> {
  const [row] = await read(tx, Row, sql);
  if (row === undefined) throw new AppError("not_found", `there is no ${what}`);
  return row;
}

function parseRow<T>(Row: z.ZodType<T>, row: unknown): T {
  const result = Row.safeParse(row);
  if (result.success) return result.data;
  const ids = Object.entries(row ?? {}).filter(([key]) => /Id$|Index$/.test(key));
  const name = ids.map(([key, value]) => `${key} ${String(value)}`).join(", ");
  throw new AppError("internal", `a row (${name}) is not as it was stored: ${z.prettifyError(result.error)}`);
}

export const Id = z.object({ id: Int });

export const PersonRow = z.object({
  personId: Int,
  name: z.string(),
}) satisfies z.ZodType<Core.PersonRow>;

export const EnvironmentRow = z.object({
  environmentId: Int,
  name: z.string(),
  driver: Text,
  config: z.unknown(),
  fingerprint: Text,
  successThreshold: z.number(),
  about: EnvironmentAbout.nullable().catch(null),
  checkedAt: Time.nullable(),
  checkError: z.object({ code: z.string(), message: z.string(), fix: Text }).nullable(),
}) satisfies z.ZodType<Core.EnvironmentRow>;
export const environmentColumns = Prisma.sql`environment.id as "environmentId", environment.name, environment.driver,
  environment.config, environment.fingerprint, environment.success_threshold as "successThreshold",
  environment.about, environment.checked_at as "checkedAt", environment.check_error as "checkError"`;

export const PolicyRow = z.object({
  policyId: Int,
  name: z.string(),
  kind: z.string(),
  config: z.unknown(),
  hasSecret: z.boolean(),
}) satisfies z.ZodType<Core.PolicyRow>;
export const policyColumns = Prisma.sql`policy.id as "policyId", policy.name, policy.kind, policy.config,
  policy.secret is not null as "hasSecret"`;

export const Step = StepFact;
export const stepColumns = Prisma.sql`observation, thought, action, reward, messages`;

/** A trajectory without its steps. */
export const TrajectoryHead = z.object({
  trajectoryId: Int,
  environmentId: Int,
  environment: z.string(),
  environmentName: z.string(),
  subtaskKey: z.string(),
  instruction: z.string(),
  bestReward: z.number().nullable(),
  source: z.enum(sources),
  model: Text,
  reward: z.number().nullable(),
  success: z.boolean().nullable(),
  opening: z.array(Message),
  tools: z.array(z.unknown()).nullable(),
  finalObservation: Text,
  externalId: Text,
  contentHash: z.string(),
  createdAt: Time,
});
export const trajectoryColumns = Prisma.sql`t.id as "trajectoryId", t.environment_id as "environmentId",
  e.name as environment, e.name as "environmentName", s.subtask_key as "subtaskKey",
  coalesce(t.instruction, s.instruction) as instruction, s.best_reward as "bestReward", t.source, t.model, t.reward,
  t.success, t.opening, t.tools, t.final_observation as "finalObservation", t.external_id as "externalId",
  t.content_hash as "contentHash", t.created_at as "createdAt"`;

/** What a trajectory is to a run or a dataset that is planned. */
export const Brief = z.object({
  trajectoryId: Int,
  source: z.enum(sources),
  success: z.boolean().nullable(),
  reward: z.number().nullable(),
  stepCount: Count,
});

const Summary = z.object({
  beneficial: Count,
  harmful: Count,
  redundant: Count,
  deadEnd: Count,
  undecided: Count,
  toReview: Count,
  reviewed: Count,
  review: z.enum(reviewStates),
});
const summaryColumns = Prisma.sql`rt.beneficial, rt.harmful, rt.redundant, rt.dead_end as "deadEnd", rt.undecided,
  rt.to_review as "toReview", rt.reviewed, rt.review`;

/**
 * How a trajectory stands to replaying, of `replay_check c` and `environment e`: a replay in another set-up of the
 * environment says nothing about this one.
 */
export const replayState = Prisma.sql`case when e.driver is null then 'not_replayable'
  when c.fingerprint = e.fingerprint then c.state else 'unchecked' end`;
export const replayColumns = Prisma.sql`${replayState} as state,
  case when c.fingerprint = e.fingerprint then c.divergence end as divergence,
  case when e.driver is null then 'its environment has no driver' when c.fingerprint = e.fingerprint then c.reason end
    as reason, c.checked_at as "checkedAt"`;
export const ReplayRow = z.object({
  trajectoryId: Int,
  state: z.enum(replayStates),
  divergence: Divergence.nullable(),
  reason: Text,
  checkedAt: Time.nullable(),
}) satisfies z.ZodType<Core.ReplayRow>;

/** A trajectory of the list; the columns of its run are null when no run has looked at it. */
const Listed = Brief.extend({
  environment: z.string(),
  subtaskKey: z.string(),
  instruction: z.string(),
  model: Text,
  replay: z.enum(replayStates),
});
export const TrajectoryListRow: z.ZodType<Core.TrajectoryListRow> = z.union([
  Listed.extend({ ...Summary.shape, runId: Int, stale: z.boolean(), worth: z.number() }).transform((row) => ({
    ...Listed.parse(row),
    mined: { ...Summary.parse(row), runId: row.runId, stale: row.stale, worth: row.worth },
  })),
  Listed.extend({ runId: z.null() }).transform((row) => ({ ...Listed.parse(row), mined: null })),
]);
export const listColumns = Prisma.sql`t.id as "trajectoryId", e.name as environment, s.subtask_key as "subtaskKey",
  coalesce(t.instruction, s.instruction) as instruction, t.source, t.model, t.reward, t.success,
  t.step_count as "stepCount", rt.run_id as "runId", ${isStale(Prisma.sql`rt.run_id`)} as stale,
  rt.worth, ${replayState} as replay, ${summaryColumns}`;

export const RuleColumns = z.object({
  alpha: z.number(),
  minAttempts: Int,
  ruleVersion: z.enum(ruleVersions),
}) satisfies z.ZodType<VerdictRule>;
/** What a run asks of evidence, of `run`. */
export const ruleColumns = Prisma.sql`run.alpha, run.min_attempts as "minAttempts", run.rule_version as "ruleVersion"`;

export const Prices = z.object({ promptPer1k: z.number(), completionPer1k: z.number() });

export const RunRow = z.object({
  runId: Int,
  name: z.string(),
  origin: z.enum(runOrigins),
  policyId: Int.nullable(),
  checkpoint: z.string(),
  config: RunConfig,
  ...RuleColumns.shape,
  state: z.enum(runStates),
  error: Text,
  budget: RunBudget,
  prices: Prices.nullable(),
  endReason: z.enum(runEndReasons).nullable(),
  createdBy: z.string(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
}) satisfies z.ZodType<Core.RunRow>;
export const runColumns = Prisma.sql`run.id as "runId", run.name, run.origin, run.policy_id as "policyId",
  run.checkpoint, run.config, ${ruleColumns}, run.state, run.error, run.budget, run.prices, run.end_reason as "endReason",
  person.name as "createdBy", run.created_at as "createdAt", run.started_at as "startedAt",
  run.finished_at as "finishedAt"`;

export const RunTrajectoryRow = Summary.extend({
  runId: Int,
  trajectoryId: Int,
  state: z.enum(["queued", "running", "done", "errored", "cancelled"]),
  replay: z.enum(replayStates),
  divergence: Divergence.nullable(),
  errorCode: Text,
  errorMessage: Text,
}) satisfies z.ZodType<Core.RunTrajectoryRow>;
export const runTrajectoryColumns = Prisma.sql`rt.run_id as "runId", rt.trajectory_id as "trajectoryId", rt.state,
  rt.replay, rt.replay_detail as divergence, rt.error_code as "errorCode", rt.error_message as "errorMessage",
  ${summaryColumns}`;

export const RolloutRow = z.object({
  rolloutId: Int,
  runId: Int,
  trajectoryId: Int,
  stateIndex: Count,
  attempt: Count,
  status: z.enum(rolloutStatuses),
  success: z.boolean().nullable(),
  stepCount: Count,
  reward: z.number().nullable(),
  errorCode: Text,
  errorMessage: Text,
  promptVersion: Text,
  promptTokens: Count,
  completionTokens: Count,
}) satisfies z.ZodType<Core.RolloutRow>;
export const rolloutColumns = Prisma.sql`r.id as "rolloutId", r.run_id as "runId", r.trajectory_id as "trajectoryId",
  r.state_index as "stateIndex", r.attempt, r.status, r.success, r.step_count as "stepCount", r.reward,
  r.error_code as "errorCode", r.error_message as "errorMessage", r.prompt_version as "promptVersion",
  r.prompt_tokens as "promptTokens", r.completion_tokens as "completionTokens"`;

export const Review = z.object({
  reviewId: Int,
  target: z.enum(reviewTargets),
  targetIndex: Count,
  decision: z.enum(recordedDecisions),
  reason: Text,
  note: Text,
  verdictSeen: Text,
  version: Int.min(1),
  reviewer: z.string(),
  at: Time,
}) satisfies z.ZodType<ReviewFact>;
export const reviewColumns = Prisma.sql`review.id as "reviewId", review.target, review.target_index as "targetIndex",
  review.decision, review.reason, review.note, review.verdict_seen as "verdictSeen", review.version,
  person.name as reviewer, review.at`;

export const DatasetRow = z.object({
  datasetId: Int,
  name: z.string(),
  contentHash: z.string(),
  reviewPolicy: z.enum(reviewPolicies),
  card: z.unknown(),
  exampleCount: Count,
  validationCount: Count,
  version: Int,
  previousId: Int.nullable(),
  createdBy: z.string(),
  createdAt: Time,
}) satisfies z.ZodType<Core.DatasetRow>;
export const datasetColumns = Prisma.sql`dataset.id as "datasetId", dataset.name, dataset.content_hash as "contentHash",
  dataset.review_policy as "reviewPolicy", dataset.card, dataset.example_count as "exampleCount",
  dataset.validation_count as "validationCount", dataset.version, dataset.previous_id as "previousId",
  person.name as "createdBy", dataset.created_at as "createdAt"`;

export const ImportRow = z.object({
  importId: Int,
  kind: z.enum(["trajectories", "evidence"]),
  fileName: z.string(),
  format: Text,
  state: z.enum(["storing", "stored", "failed"]),
  records: Count,
  stored: Count,
  duplicates: Count,
  rejected: Count,
  error: Text,
  runId: Int.nullable(),
  createdBy: z.string(),
  createdAt: Time,
  finishedAt: Time.nullable(),
}) satisfies z.ZodType<Core.ImportRow>;
export const importColumns = Prisma.sql`import.id as "importId", import.kind, import.file_name as "fileName",
  import.format, import.state, import.records, import.stored, import.duplicates, import.rejected, import.error,
  import.run_id as "runId", person.name as "createdBy", import.created_at as "createdAt",
  import.finished_at as "finishedAt"`;

export const RejectionRow = z.object({
  rejectionId: Int,
  line: Int,
  byteOffset: z.bigint().transform(Number),
  reason: z.string(),
  sample: z.string(),
});
