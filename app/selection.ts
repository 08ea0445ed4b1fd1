import type { TrajectoryFilter } from "@/lib/core/rows";
import type { SearchParams } from "./address";
import { parseView } from "./trajectories/filter";

/** Chosen trajectories as an address names them: `ids=1,2,3`, or the filter of the trajectory list. */
export type Chosen = { trajectoryIds: number[] } | { filter: TrajectoryFilter };

/** The selection of an address; without any parameters, every failed expert trajectory. */
export function chosenBy(params: SearchParams): Chosen {
  const ids = [params.ids]
    .flat()
    .flatMap((text) => (text ?? "").split(","))
    .filter((text) => /^[1-9]\d{0,8}$/.test(text))
    .map(Number);
  return ids.length > 0 ? { trajectoryIds: [...new Set(ids)] } : { filter: parseView(params).filter };
}
