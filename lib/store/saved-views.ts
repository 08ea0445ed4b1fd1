import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { trajectorySorts } from "@/lib/core/rows";
import type { SavedViewRow, SavedViewStore } from "@/lib/core/saved-view";
import { sqlState, type Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";

/** What is listed at once: chips above a list, not a list of their own. */
const MOST = 200;

const Row = z.object({
  viewId: z.number(),
  name: z.string(),
  filter: z.unknown(),
  sort: z.enum(trajectorySorts),
  createdBy: z.string(),
  createdAt: z.date(),
}) satisfies z.ZodType<SavedViewRow>;
const select = Prisma.sql`select v.id as "viewId", v.name, v.filter, v.sort, person.name as "createdBy",
  v.created_at as "createdAt"`;

/** Named views of the trajectory list. */
export function savedViewsIn(db: Db): SavedViewStore {
  return {
    list: () =>
      read(
        db,
        Row,
        Prisma.sql`${select} from saved_view v join person on person.id = v.person_id
          where v.deleted_at is null order by v.name limit ${MOST}::int`,
      ),
    async save({ name, filter, sort, personId }) {
      demandStorable({ name, filter }, "the view");
      demandName(name, "the view's name");
      const saved = readOne(
        db,
        Row,
        Prisma.sql`with v as (
            insert into saved_view (name, filter, sort, person_id)
            values (${name}, ${JSON.stringify(filter)}::jsonb, ${sort}, ${personId}::int) returning *)
          ${select} from v join person on person.id = v.person_id`,
        `person ${personId}`,
      );
      return unlessTaken(name, referring("the view", saved));
    },
    async rename(viewId, name) {
      const what = demandId("saved view", viewId);
      demandStorable(name, "the view's name");
      demandName(name, "the view's name");
      const renamed = await unlessTaken(
        name,
        db.$executeRaw`update saved_view set name = ${name} where id = ${viewId}::int and deleted_at is null`,
      );
      if (renamed === 0) throw new AppError("not_found", `there is no ${what}`);
    },
    async setDeleted(viewId, deleted) {
      const what = demandId("saved view", viewId);
      const at = deleted ? Prisma.sql`coalesce(deleted_at, now())` : Prisma.sql`null`;
      const set = db.$executeRaw`update saved_view set deleted_at = ${at} where id = ${viewId}::int`;
      if ((await unlessTaken("of that view", set)) === 0)
        throw new AppError("not_found", `there is no ${what}`);
    },
  };
}

async function unlessTaken<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (sqlState(cause) !== "23505") throw cause;
    throw new AppError("conflict", `there is a saved view “${name}” already`, {
      fix: "give it another name, or rename or delete the other one first",
      cause,
    });
  }
}
