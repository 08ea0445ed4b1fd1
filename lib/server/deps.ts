import "server-only";
import { cache } from "react";
import { env } from "@/lib/config/env";
import { environments } from "@/lib/environments/registry";
import { createQueue } from "@/lib/jobs/queue";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import type { PersonRow } from "@/lib/core/rows";
import type { Deps } from "@/lib/usecases/deps";

const shared = globalThis as typeof globalThis & { gleanerDeps?: Deps };

/** The real objects of the web process, built on first use: a build needs no database. */
export function deps(): Deps {
  shared.gleanerDeps ??= {
    store: createStore(env().DATABASE_URL),
    queue: createQueue(env().DATABASE_URL, "web"),
    environments,
    policies,
  };
  return shared.gleanerDeps;
}

/** Who is acting. A single local user until accounts come; every mutation and read of names goes through here. */
export const currentPerson = cache((): Promise<PersonRow> =>
  deps().store.people.ensure(env().GLEANER_PERSON),
);
