import { z } from "zod";
import { EnvironmentAbout } from "@/lib/core/environment-about";
import { rolloutStatuses } from "@/lib/core/evidence";
import { decisionStates, recordedDecisions, reviewStates, reviewTargets } from "@/lib/core/review";
import { ruleVersions } from "@/lib/core/rule";
import { replayStates, RunConfig, runOrigins, runStates } from "@/lib/core/run";
import { RunBudget, runEndReasons } from "@/lib/core/run-budget";
import { Message, sources, TrajectoryDraft } from "@/lib/core/trajectory";
import { undecidedReasons, verdicts } from "@/lib/core/verdict";

/**
 * What the HTTP API answers. These shapes are promised to scripts: a field that a use case gains is not sent until it is
 * named here. Times are dates here and ISO 8601 text on the wire.
 */

export const Id = z.number().int().positive();
const Int = z.number().int();
export const Count = Int.min(0);
const Text = z.string().nullable();
const Rate = z.number().min(0).max(1);

/** A page of a list. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    rows: z.array(row),
    next: Text.describe("Send it as `cursor` to go on; null at the end."),
  });

/** The most rows of one page. */
const MOST_ROWS = 200;

/**
 * Where a list goes on, and how many rows of it are asked for at most.
 * @param rows of a page where nobody says
 */
export const pagedBy = (rows: number, most = MOST_ROWS) => ({
  cursor: z.string().max(400).nullable().default(null).describe("The `next` of the page before."),
  limit: Int.min(1)
    .max(most)
    .default(rows)
    .describe("The most rows of the page; `next` tells whether there are more."),
});
export const paged = pagedBy(50);

export const PolicyAnswer = z
  .object({ policyId: Id, name: z.string(), kind: z.string(), hasSecret: z.boolean() })
  .meta({ id: "Policy" });

export const EnvironmentAnswer = z
  .object({
    environmentId: Id,
    name: z.string(),
    driver: Text.describe("null: its trajectories can be judged, not replayed."),
    fingerprint: Text,
    successThreshold: z.number(),
    about: EnvironmentAbout.nullable(),
    checkedAt: z.date().nullable(),
    checkError: z.object({ code: z.string(), message: z.string(), fix: Text }).nullable(),
    trajectories: Count,
  })
  .meta({ id: "Environment" });

export const ImportAnswer = z
  .object({
    importId: Id,
    kind: z.enum(["trajectories", "evidence"]),
    fileName: z.string(),
    format: Text,
    state: z.enum(["storing", "stored", "failed"]),
    records: Count,
    stored: Count,
    duplicates: Count.describe("Content that was there before."),
    rejected: Count,
    error: Text,
    runId: Id.nullable().describe("The run that a file of evidence became."),
    createdBy: z.string(),
    createdAt: z.date(),
    finishedAt: z.date().nullable(),
  })
  .meta({ id: "Import" });

export const RejectionAnswer = z
  .object({ line: Int, byteOffset: Int, reason: z.string(), sample: z.string() })
  .meta({ id: "Rejection" });

const TrajectoriesPreview = z.object({
  format: Text,
  records: Count.describe("Records looked at."),
  more: z.boolean().describe("The file goes on."),
  ...{ accepted: Count, solved: Count, failed: Count, unknown: Count },
  environments: z.array(z.string()),
  drafts: z.array(TrajectoryDraft).describe("The first few, as they were understood."),
  masks: z.array(z.string()).describe("By what records said what to train on; that is not imported."),
  skipped: z
    .array(z.object({ file: z.string(), why: z.string() }))
    .describe("Files of an archive that are not imported, 50 at most."),
  rejections: z.array(RejectionAnswer),
});
const EvidencePreview = z.object({
  ...{ records: Count, rollouts: Count, trajectories: Count, successes: Count },
  checkpoints: z.array(z.string()),
  rejections: z.array(RejectionAnswer),
});
export const PreviewAnswer = z
  .object({
    file: z.object({
      fileName: z.string(),
      bytes: Count,
      kind: z.enum(["trajectories", "evidence"]),
    }),
    preview: z.union([TrajectoriesPreview, EvidencePreview]),
  })
  .meta({ id: "ImportPreview" });

const outcome = {
  source: z.enum(sources),
  model: Text,
  reward: z.number().nullable(),
  success: z.boolean().nullable(),
  stepCount: Int,
};

export const TrajectoryListAnswer = z
  .object({
    trajectoryId: Id,
    environment: z.string(),
    subtaskKey: z.string(),
    instruction: z.string(),
    ...outcome,
    replay: z.enum(replayStates),
    mined: z
      .object({
        runId: Id,
        stale: z.boolean(),
        worth: Rate,
        ...{ beneficial: Count, harmful: Count, redundant: Count, deadEnd: Count, undecided: Count },
        ...{ toReview: Count, reviewed: Count },
        review: z.enum(reviewStates),
      })
      .nullable()
      .describe("What the newest run, or the one asked for, says of it; null where none looked."),
  })
  .meta({ id: "TrajectoryRow" });

export const TrajectoryAnswer = z
  .object({
    trajectoryId: Id,
    environmentId: Id,
    environment: z.string(),
    subtaskKey: z.string(),
    instruction: z.string(),
    externalId: Text,
    ...outcome,
    bestReward: z.number().nullable(),
    contentHash: z.string(),
    opening: z.array(Message),
    tools: z.array(z.unknown()).nullable(),
    finalObservation: Text,
    createdAt: z.date(),
  })
  .meta({ id: "Trajectory" });

export const StepAnswer = z
  .object({
    stepIndex: Int,
    observation: z.string(),
    thought: Text,
    action: z.string(),
    reward: z.number().nullable(),
  })
  .meta({ id: "Step" });

export const RunAnswer = z
  .object({
    runId: Id,
    name: z.string(),
    origin: z.enum(runOrigins),
    policyId: Id.nullable(),
    checkpoint: z.string(),
    config: RunConfig,
    ...{ ruleVersion: z.enum(ruleVersions), alpha: Rate, minAttempts: Int },
    state: z.enum(runStates),
    error: Text,
    budget: RunBudget,
    endReason: z.enum(runEndReasons).nullable(),
    createdBy: z.string(),
    createdAt: z.date(),
    startedAt: z.date().nullable(),
    finishedAt: z.date().nullable().describe("null while it goes on: poll until it is not."),
  })
  .meta({ id: "Run" });

export const ProgressAnswer = z
  .object({
    trajectories: z.object({ total: Count, done: Count, errored: Count, diverged: Count }),
    rollouts: z.record(z.enum([...rolloutStatuses, "succeeded"]), Count),
    ...{ calls: Count, promptTokens: Count, completionTokens: Count },
    verdicts: z.record(z.enum(verdicts), Count),
  })
  .meta({ id: "RunProgress" });

export const RunViewAnswer = z
  .object({
    run: RunAnswer,
    progress: ProgressAnswer,
    errors: z.array(z.object({ code: z.string(), message: z.string(), rollouts: Count })),
    condition: z
      .object({
        kind: z.enum(["waiting", "failed", "budget", "broken"]),
        reason: z.string(),
        fix: z.string(),
      })
      .nullable()
      .describe("What holds it up or ended it early; null where all is well."),
  })
  .meta({ id: "RunView" });

export const PlanAnswer = z
  .object({
    ...{ trajectories: Count, skipped: Count, rollouts: Count, calls: Count },
    ...{ maxRollouts: Count, maxCalls: Count },
    assumption: z.string(),
  })
  .meta({ id: "RunPlan" });

const decided = {
  decision: z.enum(decisionStates),
  version: Count.describe("Decisions so far: the `expectedVersion` of the next."),
};

export const VerdictAnswer = z
  .object({
    trajectoryId: Id,
    environment: z.string(),
    subtaskKey: z.string(),
    externalId: Text,
    contentHash: z.string(),
    reward: z.number().nullable(),
    success: z.boolean().nullable(),
    ...{ runId: Id, checkpoint: z.string(), ruleVersion: z.string(), alpha: Rate, minAttempts: Int },
    replay: z.enum(replayStates),
    states: z.array(z.object({ state: Count, n: Count, x: Count, errored: Count })),
    actions: z.array(
      z.object({
        step: Count,
        action: z.string(),
        verdict: z.enum(verdicts),
        recovery: z.boolean(),
        proposed: z.enum(verdicts).nullable(),
        reason: z.enum(undecidedReasons).nullable(),
        probability: Rate.nullable(),
        ...decided,
      }),
    ),
    solutions: z.array(
      z.object({
        state: Count,
        recovery: z.boolean(),
        expertActions: z.object({ from: Count, to: Count }).nullable(),
        rolloutFrom: Count.nullable(),
        confirmed: z.boolean(),
        ...decided,
      }),
    ),
  })
  .meta({ id: "VerdictReport" });

const review = {
  reviewId: Id,
  target: z.enum(reviewTargets),
  targetIndex: Count,
  decision: z.enum(recordedDecisions),
  reason: Text,
  note: Text,
  verdictSeen: Text,
  version: Count,
  reviewer: z.string(),
  at: z.date(),
};
export const ReviewAnswer = z.object(review).meta({ id: "Review" });
export const ReviewListAnswer = z
  .object({
    ...review,
    trajectoryId: Id,
    runId: Id,
    runName: z.string(),
    environment: z.string(),
    subtaskKey: z.string(),
    action: Text.describe("The beginning of the step's action; null for a solution."),
    undone: z.boolean().describe("A later decision has taken the place of it."),
  })
  .meta({ id: "ReviewRow" });
