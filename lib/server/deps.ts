import "server-only";
import { cookies } from "next/headers";
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

/** Under which name this browser works, where it was told one. */
export const PERSON_COOKIE = "gleaner-person";

/**
 * Who is acting: the name this browser works under, else the one of the configuration. Names, not accounts: everybody
 * who reaches this server is trusted. Every mutation and read of names goes through here.
 */
export const currentPerson = cache(async (): Promise<PersonRow> => {
  const chosen = (await cookies()).get(PERSON_COOKIE)?.value;
  return deps().store.people.ensure(nameIn(chosen) ?? env().GLEANER_PERSON);
});

/** A name out of a cookie; null for anything that cannot be one. */
function nameIn(value: string | undefined): string | null {
  try {
    const name = decodeURIComponent(value ?? "").trim();
    return name === "" || name.length > 100 || name.includes("\0") || !name.isWellFormed() ? null : name;
  } catch {
    return null;
  }
}
