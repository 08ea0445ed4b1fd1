import { z } from "zod";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";

/** Up to this many rows are looked up one by one; more are met soon enough by walking the list. */
export const NARROW = 5000;

const Few = z.object({ ids: z.array(z.number()).nullable() });

/** The ids a query finds; null when they are more than a few, which are then not even sent. */
export async function fewIds(db: Db, found: Prisma.Sql): Promise<number[] | null> {
  const [few] = await read(
    db,
    Few,
    Prisma.sql`select case when count(*) <= ${NARROW}::int then coalesce(array_agg(id), '{}') end as ids
      from (${found} limit ${NARROW + 1}::int) few`,
  );
  return few?.ids ?? null;
}

/** Up to so many trajectories are not worth asking a few of them first. */
const SOON = 50_000;

/** SQL: an array of so many ids spread over all trajectories there are; empty where these are not many. */
export const spreadIds = (ids: number) => Prisma.sql`(select array(select 1 + n * (last::bigint / ${ids}::int)
    from generate_series(1, ${ids}::int) n where last > ${SOON}::int)::int[]
  from (select max(id) as last from trajectory) newest)`;
