import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { EndpointChange, EndpointRow } from "@/lib/core/endpoint";
import { breakerStates } from "@/lib/core/limit";
import type { Purchase } from "@/lib/core/more-rollouts";
import type { RunProgress, RunRow } from "@/lib/core/rows";
import { ruleVersions, type VerdictRule } from "@/lib/core/rule";
import { RunBudget, runEndReasons } from "@/lib/core/run-budget";
import type { RunPreview } from "@/lib/core/run-preview";
import { runOrigins, runStates, RunConfig } from "@/lib/core/run";
import type { runView } from "@/lib/server/reads";
import { isLive } from "@/components/run/run-words";
import { fetchJson, PolicyAnswer } from "../queries";

/** A run, how far it is, and what broke. */
export type RunView = Awaited<ReturnType<typeof runView>>;

const count = z.number();
const at = z.coerce.date();

const Run: z.ZodType<RunRow> = z.object({
  runId: z.number(),
  name: z.string(),
  origin: z.enum(runOrigins),
  policyId: z.number().nullable(),
  checkpoint: z.string(),
  config: RunConfig,
  alpha: z.number(),
  minAttempts: z.number(),
  ruleVersion: z.enum(ruleVersions),
  state: z.enum(runStates),
  error: z.string().nullable(),
  budget: RunBudget,
  prices: z.object({ promptPer1k: z.number(), completionPer1k: z.number() }).nullable(),
  endReason: z.enum(runEndReasons).nullable(),
  createdBy: z.string(),
  createdAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
});

const Progress = z.object({
  trajectories: z.object({ total: count, done: count, errored: count, diverged: count }),
  rollouts: z.object({
    queued: count,
    running: count,
    completed: count,
    errored: count,
    cancelled: count,
    succeeded: count,
  }),
  calls: count,
  promptTokens: count,
  completionTokens: count,
  verdicts: z.object({
    beneficial: count,
    harmful: count,
    redundant: count,
    dead_end: count,
    undecided: count,
  }),
}) satisfies z.ZodType<RunProgress>;

const Endpoint: z.ZodType<EndpointRow> = z.object({
  endpointId: count,
  baseURL: z.string(),
  model: z.string(),
  limit: count,
  min: count,
  max: count,
  slowStart: z.boolean(),
  cooldownUntil: at.nullable(),
  breaker: z.enum(breakerStates),
  probeAt: at.nullable(),
  lastAnswerAt: at.nullable(),
  reason: z.string(),
  changedAt: at,
  workers: count,
  slots: count,
});

const RunAnswer: z.ZodType<RunView> = z.object({
  run: Run,
  policy: PolicyAnswer.nullable(),
  endpoint: Endpoint.nullable(),
  condition: z
    .object({ kind: z.enum(["waiting", "failed", "budget", "broken"]), reason: z.string(), fix: z.string() })
    .nullable(),
  progress: Progress,
  errors: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      rollouts: count,
      examples: z.array(
        z.object({ rolloutId: count, trajectoryId: count, stateIndex: count, attempt: count }),
      ),
    }),
  ),
  activity: z.object({
    perMinute: z.array(count),
    workers: z.array(
      z.object({
        owner: z.string(),
        running: count,
        leaseLeftMs: count.nullable(),
        done: count,
        errored: count,
        callsPerMinute: count,
        seenAt: at.nullable(),
        lostLeases: count,
      }),
    ),
  }),
});

/** What the run's events say, checked; null where it is not what it should be. */
export function readRunEvent(data: string): RunView | null {
  const view = RunAnswer.safeParse(JSON.parse(data));
  return view.success ? view.data : null;
}

const Wrong = { claims: count, expectedWrong: count, actions: count, expectedWrongActions: count };
const Kept = z.object({ actions: count, examples: count, tokens: count });

const PreviewAnswer: z.ZodType<RunPreview> = z.object({
  rule: z.object({ alpha: z.number(), minAttempts: z.number(), ruleVersion: z.enum(ruleVersions) }),
  verdicts: Progress.shape.verdicts,
  wrong: z.object(Wrong),
  kept: z.object({ approved: Kept, not_vetoed: Kept }),
  target: z.object({ share: z.number(), alpha: z.number().nullable() }),
  tradeOffs: z.array(z.object({ ...Wrong, alpha: z.number(), beneficialActions: count })),
});

/** A slider moves many times a second; an answer is asked for when it rests this long. */
const REST_MS = 120;

/**
 * What a rule would make of the run's evidence. A rule that is not asked for any more is dropped before it is sent.
 * @param mark changes when there is more evidence
 */
export function previewQuery(runId: number, rule: VerdictRule, mark: number) {
  const { alpha, minAttempts, ruleVersion } = rule;
  const query = new URLSearchParams({ alpha: String(alpha), minAttempts: String(minAttempts), ruleVersion });
  return queryOptions({
    queryKey: ["preview", runId, alpha, minAttempts, ruleVersion, mark],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      signal.throwIfAborted();
      return fetchJson(`/api/runs/${runId}/preview?${query}`, PreviewAnswer, signal);
    },
    retry: false,
    staleTime: 0,
  });
}

const LimitsAnswer: z.ZodType<EndpointChange[]> = z.array(
  z.object({ at, limit: count, breaker: z.enum(breakerStates), reason: z.string() }),
);

/**
 * What became of the limit of a run's model server.
 * @param mark changes when the limit does
 */
export function limitsQuery(runId: number, mark: number) {
  return queryOptions({
    queryKey: ["limits", runId, mark],
    queryFn: ({ signal }) => fetchJson(`/api/runs/${runId}/limits`, LimitsAnswer, signal),
  });
}

const MoreAnswer: z.ZodType<Purchase> = z.object({ doubts: count, confirmed: count, rollouts: count });

/** What so many more rollouts would settle of what a finished run left undecided. */
export function moreQuery(runId: number, rollouts: number) {
  return queryOptions({
    queryKey: ["run", runId, "more", rollouts],
    queryFn: ({ signal }) => fetchJson(`/api/runs/${runId}/more?rollouts=${rollouts}`, MoreAnswer, signal),
  });
}

const LIVE_MS = 1000;

/** A run and how far it is, asked for every second while it is live and nobody tells. */
export function runQuery(runId: number, told = false) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => fetchJson(`/api/runs/${runId}`, RunAnswer, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (told || (state.data && !isLive(state.data.run.state)) ? false : LIVE_MS),
  });
}
