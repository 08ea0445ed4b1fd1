import "server-only";
import { cookies } from "next/headers";
import { refresh } from "next/cache";
import { z } from "zod";
import { defineAction } from "./action";
import { currentPerson, deps, PERSON_COOKIE } from "./deps";

const YEAR_S = 365 * 24 * 3600;

/** Who works in this browser: a name, not an account. */
export const whoActs = async (): Promise<string> => (await currentPerson()).name;

/** From now on this browser works under another name. */
export const actAs = defineAction(
  z.strictObject({ name: z.string().trim().min(1).max(100) }),
  async ({ name }) => {
    const person = await deps().store.people.ensure(name);
    const value = encodeURIComponent(person.name);
    (await cookies()).set(PERSON_COOKIE, value, {
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      maxAge: YEAR_S,
    });
    refresh();
    return person;
  },
);
