import { z } from "zod";
import { trajectorySorts } from "@/lib/core/rows";
import type { SavedView } from "@/lib/core/saved-view";
import type { Deps } from "./deps";
import { Filter } from "./selection";

const Name = z.string().trim().min(1).max(60);
const Id = z.number().int().positive();

/** What the list shows now, under a name. */
export const SavedViewInput = z.strictObject({ name: Name, filter: Filter, sort: z.enum(trajectorySorts) });
/** A change of a saved view: another name, off the list, or back on it. */
export const SavedViewChange = z.union([
  z.strictObject({ viewId: Id, name: Name }),
  z.strictObject({ viewId: Id, deleted: z.boolean() }),
]);

/** The team's views, by name. One that asks for what is no more (an older version's filter) is left out. */
export async function listViews({ store }: Pick<Deps, "store">): Promise<SavedView[]> {
  const rows = await store.savedViews.list();
  return rows.flatMap(({ viewId, name, filter, sort, createdBy }) => {
    const known = Filter.safeParse(filter);
    return known.success ? [{ viewId, name, filter: known.data, sort, createdBy }] : [];
  });
}

/** Keeps a view; the filter is stored whole, as it is read. @throws AppError conflict when the name is taken */
export async function saveView(
  { store }: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof SavedViewInput>,
): Promise<{ viewId: number }> {
  const { viewId } = await store.savedViews.save({ ...input, personId });
  return { viewId };
}

/** @throws AppError not_found, conflict when the name is taken */
export async function changeView(
  { store }: Pick<Deps, "store">,
  change: z.output<typeof SavedViewChange>,
): Promise<void> {
  if ("name" in change) await store.savedViews.rename(change.viewId, change.name);
  else await store.savedViews.setDeleted(change.viewId, change.deleted);
}
