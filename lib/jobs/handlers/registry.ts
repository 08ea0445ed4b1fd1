import type { JobName } from "../definitions";
import type { Work } from "../queue";
import { collectEpisodes, type CollectingDeps } from "./collect-episodes";
import { critique, type CritiqueDeps } from "./critique";
import { followTraining, type TrainingDeps } from "./follow-training";
import { mineTrajectory, type MiningDeps } from "./mine-trajectory";
import { prepareExport, type ExportDeps } from "./prepare-export";
import { verifyReplays, type VerifyingDeps } from "./verify-replays";

/** What every handler may be given. */
export type WorkDeps = MiningDeps & VerifyingDeps & CollectingDeps & CritiqueDeps & TrainingDeps & ExportDeps;

type Handler<Name extends JobName> = (deps: WorkDeps, ...job: Parameters<Work<Name>>) => Promise<void>;

/** What does the work of each job. A job without a handler does not compile. */
export const handlers: { [Name in JobName]: Handler<Name> } = {
  "mine-trajectory": mineTrajectory,
  "verify-replays": verifyReplays,
  "collect-episodes": collectEpisodes,
  critique,
  "follow-training": followTraining,
  "prepare-export": prepareExport,
};
