import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { PolicyRow, RunProgress, RunRow } from "@/lib/core/rows";
import { ruleVersions } from "@/lib/core/rule";
import { runOrigins, runStates, RunConfig } from "@/lib/core/run";
import type { runView } from "@/lib/server/reads";
import { isLive } from "@/components/run/run-words";
import { fetchJson } from "../queries";

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
  createdBy: z.string(),
  createdAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
});

const Progress: z.ZodType<RunProgress> = z.object({
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
});

const Policy: z.ZodType<PolicyRow> = z.object({
  policyId: z.number(),
  name: z.string(),
  kind: z.string(),
  config: z.unknown(),
  hasSecret: z.boolean(),
});

const RunAnswer: z.ZodType<RunView> = z.object({
  run: Run,
  policy: Policy.nullable(),
  progress: Progress,
  errors: z.array(
    z.object({ code: z.string(), message: z.string(), rollouts: z.number(), trajectoryId: z.number() }),
  ),
});

const LIVE_MS = 1000;

/** A run and how far it is, asked for every second while it is live. */
export function runQuery(runId: number) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => fetchJson(`/api/runs/${runId}`, RunAnswer, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isLive(state.data.run.state) ? false : LIVE_MS),
  });
}
