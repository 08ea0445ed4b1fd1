import { z } from "zod";
import { driverOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import type { PolicyRow } from "@/lib/core/rows";
import type { Deps } from "./deps";
import { resolveSelection, Selection } from "./selection";

/** Each is a model call over a whole trajectory. */
const MOST = 10_000;

/** Who is asked about which trajectories. */
export const CritiqueInput = z.strictObject({
  policyId: z.number().int().positive(),
  selection: Selection,
});
export type CritiqueInput = z.input<typeof CritiqueInput>;

/**
 * Asks a critic about chosen trajectories, one job each. It needs no environment, and changes no verdict, review or
 * dataset.
 * @returns the ids of the critiques that are new; one that the same policy is already asked about is left out
 * @throws AppError invalid_input when the policy has no model to ask, or nothing or too much is selected
 */
export async function askCritic(
  deps: Deps,
  personId: number,
  { policyId, selection }: z.output<typeof CritiqueInput>,
): Promise<{ critiqueIds: number[]; trajectories: number }> {
  const row = await deps.store.policies.get(policyId);
  if (!canCriticise(deps, row))
    throw new AppError(
      "invalid_input",
      `policy “${row.name}” has no model that could be asked for an opinion`,
      {
        fix: "choose a policy that is an OpenAI-compatible endpoint",
      },
    );
  const trajectoryIds = await resolveSelection(deps.store, selection);
  if (trajectoryIds.length === 0)
    throw new AppError("invalid_input", "there is no trajectory to ask about", {
      fix: "choose some in the list, or loosen its filter",
    });
  if (trajectoryIds.length > MOST)
    throw new AppError(
      "invalid_input",
      `${trajectoryIds.length.toLocaleString("en")} trajectories are too many to ask about at once`,
      { fix: `narrow the filter to ${MOST.toLocaleString("en")} or fewer` },
    );
  const critiqueIds = await deps.store.critiques.ask({ personId, policyId, trajectoryIds });
  for (const critiqueId of critiqueIds) await deps.queue.send("critique", { critiqueId });
  return { critiqueIds, trajectories: trajectoryIds.length };
}

/** Policies that can be asked for an opinion. */
export async function listCritics(
  deps: Pick<Deps, "store" | "policies">,
): Promise<Pick<PolicyRow, "policyId" | "name">[]> {
  const rows = await deps.store.policies.list();
  return rows.filter((row) => canCriticise(deps, row)).map(({ policyId, name }) => ({ policyId, name }));
}

function canCriticise({ policies }: Pick<Deps, "policies">, { kind, name }: PolicyRow): boolean {
  return driverOf(policies, kind, `policy “${name}”`).critic !== undefined;
}
