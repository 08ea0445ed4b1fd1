import { z } from "zod";
import { critiqueStatuses, type Critique as Opinion } from "@/lib/core/critique";
import type { Store } from "@/lib/core/store";
import type { CritiqueEnd } from "@/lib/core/strategies/store";
import { inTransaction, type Db } from "./client";
import { Critique, newestOf, selectCritiques } from "./critique-rows";
import { compareEverywhere } from "./disagreements";
import { Prisma } from "./generated/client";
import { demandId, possibleIds, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { storable } from "./text";

/** A critique claimed this often without an end takes its worker down with it, and is given up. */
const MAX_CLAIMS = 5;

/** Opinions of critics, and who is at work on those that are asked for. */
export function critiquesIn(db: Db): Store["critiques"] {
  return {
    ask: (request) => ask(db, request),
    get: (critiqueId) => {
      const what = demandId("critique", critiqueId);
      return readOne(db, Critique, Prisma.sql`${selectCritiques} where c.id = ${critiqueId}::int`, what);
    },
    of: (trajectoryId, limit) => {
      demandId("trajectory", trajectoryId);
      const sql = Prisma.sql`${selectCritiques} where c.trajectory_id = ${trajectoryId}::int
        order by c.id desc limit ${limit}::int`;
      return read(db, Critique, sql);
    },
    newest: (trajectoryIds) => newestOf(db, possibleIds(trajectoryIds)),
    counts: (critiqueIds) => counts(db, possibleIds(critiqueIds)),
    claim: (critiqueId, owner, leaseMs) => claim(db, critiqueId, owner, leaseMs),
    async renew(critiqueId, epoch, leaseMs) {
      const held = await db.$executeRaw`update critique set lease_until = ${until(leaseMs)}
        where ${ours(critiqueId, epoch)}`;
      return held > 0;
    },
    end: (critiqueId, epoch, end) => endCritique(db, critiqueId, epoch, end),
    async release(critiqueId, epoch) {
      await db.$executeRaw`update critique set status = 'queued', owner = null, lease_until = null
        where ${ours(critiqueId, epoch)}`;
    },
    cancelQueued: (critiqueIds) =>
      db.$executeRaw`update critique set status = 'cancelled', finished_at = now()
        where id = any(${possibleIds(critiqueIds)}::int[]) and status = 'queued'`,
    async waiting(limit) {
      const sql = Prisma.sql`select id from critique
        where status = 'queued' or (status = 'running' and lease_until < now()) order by id limit ${limit}::int`;
      return (await read(db, Id, sql)).map(({ id }) => id);
    },
  };
}

const Count = z.number().int().min(0);

async function ask(db: Db, { personId, policyId, trajectoryIds }: Parameters<Store["critiques"]["ask"]>[0]) {
  const asked = read(
    db,
    Id,
    Prisma.sql`insert into critique (trajectory_id, policy_id, person_id)
      select id, ${policyId}::int, ${personId}::int from unnest(${trajectoryIds}::int[]) as given(id)
      where not exists (select from critique c where c.trajectory_id = given.id and c.policy_id = ${policyId}::int
        and c.status in ('queued', 'running'))
      order by id returning id`,
  );
  return (await referring("the critique", asked)).map(({ id }) => id);
}

async function counts(db: Db, ids: number[]): Promise<Record<Opinion["status"], number>> {
  const rows = await read(
    db,
    z.object({ status: z.enum(critiqueStatuses), n: Count }),
    Prisma.sql`select status, count(*)::int as n from critique where id = any(${ids}::int[]) group by 1`,
  );
  const of = { queued: 0, running: 0, completed: 0, errored: 0, cancelled: 0 };
  for (const { status, n } of rows) of[status] = n;
  return of;
}

const Claim = z.object({ epoch: Count, trajectoryId: Count, policyId: Count });

async function claim(db: Db, critiqueId: number, owner: string, leaseMs: number) {
  demandId("critique", critiqueId);
  const free = Prisma.sql`id = ${critiqueId}::int
    and (status = 'queued' or (status = 'running' and lease_until < now()))`;
  await db.$executeRaw`update critique set status = 'errored', owner = null, lease_until = null, finished_at = now(),
      error_code = 'poison', error_message = ${`its worker was gone ${MAX_CLAIMS} times`}
    where ${free} and epoch >= ${MAX_CLAIMS}::int`;
  const [claimed] = await read(
    db,
    Claim,
    Prisma.sql`update critique set status = 'running', owner = ${owner}, epoch = epoch + 1,
        lease_until = ${until(leaseMs)}
      where ${free} returning epoch, trajectory_id as "trajectoryId", policy_id as "policyId"`,
  );
  return claimed ?? null;
}

async function endCritique(db: Db, critiqueId: number, epoch: number, end: CritiqueEnd): Promise<boolean> {
  const completed = end.status === "completed";
  const steps = completed ? end.steps.map((step) => ({ ...step, reason: storable(step.reason) })) : null;
  return inTransaction(db, async (tx) => {
    const [ended] = await read(
      tx,
      Id,
      Prisma.sql`update critique set status = ${end.status}, owner = null, lease_until = null, finished_at = now(),
          checkpoint = ${completed ? end.checkpoint : null}, prompt_version = ${completed ? end.promptVersion : null},
          steps = ${steps && JSON.stringify(steps)}::jsonb,
          error_code = ${completed ? null : end.code}, error_message = ${completed ? null : storable(end.message)},
          prompt_tokens = ${end.promptTokens}::int, completion_tokens = ${end.completionTokens}::int
        where ${ours(critiqueId, epoch)} returning trajectory_id as id`,
    );
    if (ended && completed) await compareEverywhere(tx, ended.id);
    return ended !== undefined;
  });
}

const until = (leaseMs: number) => Prisma.sql`now() + make_interval(secs => ${leaseMs / 1000}::float8)`;
const ours = (critiqueId: number, epoch: number) =>
  Prisma.sql`id = ${critiqueId}::int and epoch = ${epoch}::int and status = 'running'`;
