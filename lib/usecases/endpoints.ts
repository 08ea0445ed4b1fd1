import { z } from "zod";
import type { EndpointRow } from "@/lib/core/endpoint";
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
