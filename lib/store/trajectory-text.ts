import { z } from "zod";
import type { Db } from "./client";
import { fewIds, spreadIds } from "./few-ids";
import { Prisma } from "./generated/client";
import { read } from "./rows";
import { containing } from "./text";

/**
 * Part of an instruction or subtask key looked for, and the subtasks it may match where they are few; `bySubtask`: by
 * what is said of the subtask itself, all of them.
 */
export type Text = { pattern: string; subtaskIds: number[] | null; bySubtask: boolean };

/** So many trajectories, spread over all, tell whether a text is frequent. */
const SPREAD = 200;
/** Of those, so many have it where walking a list meets it soon enough. */
const FREQUENT = 6;

/** Trigram indexes answer how many subtasks a text matches without looking at trajectories. */
export async function lookUp(db: Db, text: string): Promise<Text> {
  const pattern = containing(text);
  // Those indexes read all that a text matches, even where a few are asked for.
  if (await isFrequent(db, pattern)) return { pattern, subtaskIds: null, bySubtask: false };
  const [said, own] = await Promise.all([
    fewIds(
      db,
      Prisma.sql`select id from subtask where instruction ilike ${pattern} or subtask_key ilike ${pattern}`,
    ),
    fewIds(db, Prisma.sql`select subtask_id as id from trajectory where instruction ilike ${pattern}`),
  ]);
  const subtaskIds = said && own && [...new Set([...said, ...own])];
  return { pattern, subtaskIds, bySubtask: own?.length === 0 };
}

async function isFrequent(db: Db, pattern: string): Promise<boolean> {
  const [found] = await read(
    db,
    z.object({ frequent: z.boolean() }),
    Prisma.sql`select count(*) >= ${FREQUENT}::int as frequent
      from trajectory t join subtask s on s.id = t.subtask_id
      where t.id = any(${spreadIds(SPREAD)}::int[]) and ${hasText(pattern)}`,
  );
  return found?.frequent ?? false;
}

const hasText = (pattern: string) =>
  Prisma.sql`(coalesce(t.instruction, s.instruction) ilike ${pattern} or s.subtask_key ilike ${pattern})`;

/** On trajectories `t`. */
export function textConditions(text: Text | null): Prisma.Sql[] {
  if (text === null) return [];
  const { pattern, subtaskIds, bySubtask } = text;
  // As a value, not a join: a join would be planned over every subtask, though a page looks at few.
  const has = Prisma.sql`(select ${hasText(pattern)} from subtask s where s.id = t.subtask_id)`;
  if (subtaskIds === null) return [has];
  return [
    Prisma.sql`t.subtask_id = any(${subtaskIds}::int[])`,
    // What the indexes found in the subtasks is not asked of them again.
    bySubtask ? Prisma.sql`case when t.instruction is null then true else ${has} end` : has,
  ];
}
