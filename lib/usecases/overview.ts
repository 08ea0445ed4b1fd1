import type { Overview } from "@/lib/core/rows";
import type { Deps } from "./deps";

/** How much expert failure there is, how much became solvable, how much is reviewed. */
export function overview({ store }: Pick<Deps, "store">): Promise<Overview> {
  return store.overview();
}
