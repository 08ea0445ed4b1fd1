import type { EnvironmentDriver, PolicyDriver } from "@/lib/core/ports";
import type { Store } from "@/lib/core/store";
import type { JobQueue } from "@/lib/jobs/definitions";

/** What a use case may touch; built by the three composition roots (lib/server/deps.ts, lib/jobs/worker.ts, lib/cli). */
export type Deps = {
  store: Store;
  queue: JobQueue;
  environments: Record<string, EnvironmentDriver>;
  policies: Record<string, PolicyDriver>;
};
