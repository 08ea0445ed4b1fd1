import type { Store } from "@/lib/core/store";
import { apiTokensIn } from "./api-tokens";
import { openBulk } from "./bulk";
import { campaignsIn } from "./campaigns";
import { openClient } from "./client";
import { collectionsIn } from "./collections";
import { coverageIn } from "./coverage";
import { critiquesIn } from "./critiques";
import { datasetExportsIn } from "./dataset-exports";
import { datasetsIn } from "./datasets";
import { disagreementsIn } from "./disagreements";
import { endpointsIn } from "./endpoints";
import { environmentsIn } from "./environments";
import { factsOf } from "./facts";
import { importsIn } from "./imports";
import { overviewOf } from "./overview";
import { peopleIn } from "./people";
import { policiesIn } from "./policies";
import { queuesIn } from "./queues";
import { replaysIn } from "./replays";
import { reviewsIn } from "./reviews";
import { rolloutsIn } from "./rollouts";
import { runsIn } from "./runs";
import { savedViewsIn } from "./saved-views";
import { trainingsIn } from "./trainings";
import { trajectoriesIn } from "./trajectories";
import { verificationsIn } from "./verifications";

/** The store on a migrated Postgres. Connects on first use; `close` ends its connections. */
export function createStore(databaseUrl: string): Store {
  const db = openClient(databaseUrl);
  const bulk = openBulk(databaseUrl);
  return {
    people: peopleIn(db),
    environments: environmentsIn(db),
    replays: replaysIn(db),
    verifications: verificationsIn(db),
    policies: policiesIn(db),
    trajectories: trajectoriesIn(db),
    savedViews: savedViewsIn(db),
    apiTokens: apiTokensIn(db),
    runs: runsIn(db),
    rollouts: rolloutsIn(db),
    reviews: reviewsIn(db),
    facts: (runId, trajectoryIds) => factsOf(db, runId, trajectoryIds),
    datasets: datasetsIn(db, bulk),
    exports: datasetExportsIn(db),
    imports: importsIn(db, bulk),
    collections: collectionsIn(db),
    campaigns: campaignsIn(db),
    endpoints: endpointsIn(db),
    queues: queuesIn(db),
    critiques: critiquesIn(db),
    disagreements: disagreementsIn(db),
    trainings: trainingsIn(db),
    coverage: coverageIn(db),
    overview: () => overviewOf(db),
    close: async () => {
      await Promise.all([db.$disconnect(), bulk.close()]);
    },
  };
}
