import type { ApiRoute } from "./route";
import { datasetRoutes } from "./routes/datasets";
import { exportRoutes } from "./routes/exports";
import { importRoutes } from "./routes/imports";
import { reviewRoutes } from "./routes/reviews";
import { runRoutes } from "./routes/runs";
import { setupRoutes } from "./routes/setup";
import { trajectoryRoutes } from "./routes/trajectories";

/** The routes of /api/v1 by subject, in the order of the path from a file to a dataset. */
export const apiGroups = {
  Import: importRoutes,
  Trajectories: trajectoryRoutes,
  "Environments and policies": setupRoutes,
  Runs: runRoutes,
  Reviews: reviewRoutes,
  Datasets: datasetRoutes,
  Exports: exportRoutes,
} as const satisfies Record<string, Record<string, ApiRoute>>;

/** Every route of /api/v1 by its name. The route files serve these and nothing else. */
export const apiRoutes = {
  ...importRoutes,
  ...trajectoryRoutes,
  ...setupRoutes,
  ...runRoutes,
  ...reviewRoutes,
  ...datasetRoutes,
  ...exportRoutes,
} as const satisfies Record<string, ApiRoute>;

export type ApiRouteName = keyof typeof apiRoutes;
