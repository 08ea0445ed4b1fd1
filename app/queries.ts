import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { rolloutStatuses } from "@/lib/core/evidence";
import type { StepText } from "@/lib/core/review-rows";
import type { PolicyRow, Rollout } from "@/lib/core/rows";
import { Step } from "@/lib/core/trajectory";

/** What a route handler says when it cannot answer. */
const Refusal = z.object({ error: z.object({ message: z.string(), fix: z.string().optional() }) });

/** Reads JSON from one of our routes, checked; throws an Error whose message is for people. */
export async function fetchJson<T>(path: string, answer: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const refusal = Refusal.safeParse(body);
    const said = refusal.success
      ? refusal.data.error
      : { message: `The server answered ${response.status}.`, fix: undefined };
    throw new Error(said.fix ? `${said.message} ${said.fix}` : said.message);
  }
  return answer.parse(body);
}

/** A policy without its key, as routes answer it. */
export const PolicyAnswer: z.ZodType<PolicyRow> = z.object({
  policyId: z.number(),
  name: z.string(),
  kind: z.string(),
  config: z.unknown(),
  hasSecret: z.boolean(),
});

const RolloutAnswer: z.ZodType<Rollout> = z.object({
  rolloutId: z.number(),
  runId: z.number(),
  trajectoryId: z.number(),
  stateIndex: z.number(),
  attempt: z.number(),
  status: z.enum(rolloutStatuses),
  success: z.boolean().nullable(),
  stepCount: z.number(),
  reward: z.number().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  promptVersion: z.string().nullable(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  steps: z.array(Step),
  finalObservation: z.string().nullable(),
});

/** One rollout with its steps; a finished one never changes. */
export function rolloutQuery(rolloutId: number) {
  return queryOptions({
    queryKey: ["rollout", rolloutId],
    queryFn: ({ signal }) => fetchJson(`/api/rollouts/${rolloutId}`, RolloutAnswer, signal),
    staleTime: Infinity,
  });
}

const StepTexts: z.ZodType<StepText[]> = z.array(
  z.object({
    stepIndex: z.number(),
    observation: z.string(),
    thought: z.string().nullable(),
    action: z.string(),
    reward: z.number().nullable(),
  }),
);

/** The text of a trajectory's steps from one on, as many as are read at once; they never change. */
export function stepTextsQuery(trajectoryId: number, from: number) {
  return queryOptions({
    queryKey: ["steps", trajectoryId, from],
    queryFn: ({ signal }) =>
      fetchJson(`/api/trajectories/${trajectoryId}/steps?from=${from}`, StepTexts, signal),
    staleTime: Infinity,
  });
}

/** The steps of a trajectory that hold a text. */
export function foundQuery(trajectoryId: number, text: string) {
  const path = `/api/trajectories/${trajectoryId}/found?text=${encodeURIComponent(text)}`;
  return queryOptions({
    queryKey: ["found", trajectoryId, text],
    queryFn: ({ signal }) => fetchJson(path, z.array(z.number()), signal),
    staleTime: Infinity,
  });
}
