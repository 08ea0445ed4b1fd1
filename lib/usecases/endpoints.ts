import { z } from "zod";
import type { EndpointChange, EndpointRow } from "@/lib/core/endpoint";
import { endpointNameOf } from "@/lib/core/gate";
import type { PolicyRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

const Served = z.object({ baseURL: z.url(), model: z.string() });

/** How the server of a policy stands; null for one that asks none, or that no worker has asked yet. */
export async function endpointOf(
  { store }: Pick<Deps, "store">,
  policy: PolicyRow | null,
): Promise<EndpointRow | null> {
  const served = Served.safeParse(policy?.config);
  if (!served.success) return null;
  const { baseURL, model } = endpointNameOf(served.data);
  const known = await store.endpoints.list();
  return known.find((each) => each.baseURL === baseURL && each.model === model) ?? null;
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
