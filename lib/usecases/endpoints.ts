import { z } from "zod";
import type { EndpointChange, EndpointRow, ServerState } from "@/lib/core/endpoint";
import { endpointNameOf } from "@/lib/core/gate";
import type { PolicyRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

const Served = z.object({
  baseURL: z.url(),
  replicas: z.array(z.url()).default([]),
  model: z.string(),
});

/** How each server of a policy stands, in the order of its settings; empty for a policy that asks none. */
export async function endpointsOf(
  { store }: Pick<Deps, "store">,
  policy: PolicyRow | null,
): Promise<ServerState[]> {
  const served = Served.safeParse(policy?.config);
  if (!served.success) return [];
  const { baseURL, replicas, model } = served.data;
  const known = await store.endpoints.list();
  return [baseURL, ...replicas].map((url) => {
    const endpoint = endpointNameOf({ baseURL: url, model });
    const row = known.find((each) => each.baseURL === endpoint.baseURL && each.model === model) ?? null;
    return { endpoint, row };
  });
}

/**
 * How the server of a policy stands; of several one that answers, as rollouts go there while another is down. Null for a
 * policy that asks none, or that no worker has asked yet.
 */
export async function endpointOf(
  deps: Pick<Deps, "store">,
  policy: PolicyRow | null,
): Promise<EndpointRow | null> {
  const rows = (await endpointsOf(deps, policy)).flatMap(({ row }) => row ?? []);
  return rows.find(({ breaker }) => breaker === "closed") ?? rows[0] ?? null;
}

const SHOWN = 500;

/**
 * What became of the limit of a run's model server while the run lasted, oldest first; the first entry is how it stood
 * when the run began, where that is known.
 * @throws AppError not_found
 */
export async function limitHistory({ store }: Pick<Deps, "store">, runId: number): Promise<EndpointChange[]> {
  const { policyId, startedAt, finishedAt } = await store.runs.get(runId);
  const endpoint = policyId === null ? null : await endpointOf({ store }, await store.policies.get(policyId));
  if (!endpoint || !startedAt) return [];
  const changes = (await store.endpoints.changes(endpoint.endpointId, SHOWN)).reverse();
  const until = changes.filter(({ at }) => finishedAt === null || at <= finishedAt);
  const first = until.findLastIndex(({ at }) => at < startedAt);
  return until.slice(Math.max(0, first));
}
