import { Prisma } from "./generated/client";

const same = (
  other: Prisma.Sql,
) => Prisma.sql`${other}.run_id = r.run_id and ${other}.trajectory_id = r.trajectory_id
  and ${other}.target = r.target and ${other}.target_index = r.target_index`;

/** The newest dispute of its target, of `review r`, where nobody's decision stands: none came after, or it was taken back. */
export const openDispute = Prisma.sql`r.decision = 'dispute'
  and not exists (select from review l where ${same(Prisma.sql`l`)} and l.version > r.version and l.decision = 'dispute')
  and (select n.decision from review n where ${same(Prisma.sql`n`)} order by n.version desc limit 1)
    in ('dispute', 'withdraw')`;
