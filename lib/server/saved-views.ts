import "server-only";
import { refresh } from "next/cache";
import * as views from "@/lib/usecases/saved-views";
import { defineAction } from "./action";
import { deps } from "./deps";

/** Keeps what the list shows under a name. */
export const saveView = defineAction(views.SavedViewInput, async (input, person) => {
  const saved = await views.saveView(deps(), person.personId, input);
  refresh();
  return saved;
});

/** Renames a saved view, takes it off the list or puts it back. */
export const changeView = defineAction(views.SavedViewChange, async (change) => {
  await views.changeView(deps(), change);
  refresh();
});
