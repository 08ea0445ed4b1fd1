import type { JobName } from "../definitions";
import type { Work } from "../queue";
import { mineTrajectory, type MiningDeps } from "./mine-trajectory";

/** What does the work of each job. A job without a handler does not compile. */
export const handlers = {
  "mine-trajectory": mineTrajectory,
} as const satisfies {
  [Name in JobName]: (deps: MiningDeps, ...job: Parameters<Work<Name>>) => Promise<void>;
};
