import { z } from "zod";
import type { EndpointRow, ServerState } from "@/lib/core/endpoint";
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
