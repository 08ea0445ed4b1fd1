import { z } from "zod";
import { advance } from "@/lib/core/adapt";
import { letProbe } from "@/lib/core/breaker";
import type { EndpointGrant, EndpointReport } from "@/lib/core/endpoint";
import { breakerStates, shareOf, startLimit, type LimitState } from "@/lib/core/limit";
import type { Store } from "@/lib/core/store";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { read, readOne } from "./rows";

/** Changes kept of each endpoint. */
const HISTORY = 500;
/** How often places that do not come out even go to another worker. */
const TURN_MS = 5000;

/** Limits on parallel calls, one row per model and server, changed under its lock. */
export function endpointsIn(db: Db): Store["endpoints"] {
  return {
    sync: (report) => sync(db, report),
    list: () => read(db, EndpointRow, endpointRows),
    changes: (endpointId, limit) =>
      read(
        db,
        Change,
        Prisma.sql`select at, concurrency as limit, breaker, reason from endpoint_change
          where endpoint_id = ${endpointId}::int order by id desc limit ${limit}::int`,
      ),
  };
}

const Breaker = z.enum(breakerStates);
const Change = z.object({ at: z.date(), limit: z.number(), breaker: Breaker, reason: z.string() });

const EndpointRow = z.object({
  endpointId: z.number(),
  baseURL: z.string(),
  model: z.string(),
  limit: z.number(),
  min: z.number(),
  max: z.number(),
  slowStart: z.boolean(),
  cooldownUntil: z.date().nullable(),
  breaker: Breaker,
  probeAt: z.date().nullable(),
  lastAnswerAt: z.date().nullable(),
  reason: z.string(),
  changedAt: z.date(),
  workers: z.number(),
  slots: z.number(),
});
const endpointRows = Prisma.sql`select id as "endpointId", base_url as "baseURL", model, concurrency as limit,
    min_concurrency as min, max_concurrency as max, slow_start as "slowStart",
    case when cooldown_until > now() then cooldown_until end as "cooldownUntil", breaker,
    case when breaker = 'open' then probe_at end as "probeAt", last_answer_at as "lastAnswerAt", reason,
    changed_at as "changedAt", coalesce(s.workers, 0)::int as workers, coalesce(s.slots, 0)::int as slots
  from endpoint_limit left join (
    select endpoint_id, count(*) as workers, sum(slots) as slots from endpoint_slot
    where lease_until > now() group by 1
  ) s on s.endpoint_id = id order by base_url, model`;

const State: z.ZodType<LimitState> = z.object({
  limit: z.number(),
  slowStart: z.boolean(),
  cooldownUntil: z.number(),
  round: z.object({ answered: z.number(), refused: z.number(), broken: z.number() }),
  breaker: Breaker,
  failures: z.number(),
  failing: z.array(z.string()),
  lastAnswerAt: z.number(),
  probeAt: z.number(),
  probeMs: z.number(),
  prober: z.string().nullable(),
  reason: z.string(),
});
const Locked = z.object({ endpointId: z.number(), state: State, at: z.number() });

async function lockLimit(tx: Tx, { endpoint, limits }: EndpointReport): Promise<z.infer<typeof Locked>> {
  const { baseURL, model } = endpoint;
  const sql = Prisma.sql`select id as "endpointId", state,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as at
    from endpoint_limit where base_url = ${baseURL} and model = ${model} for no key update`;
  const [known] = await read(tx, Locked, sql);
  if (known) return known;
  const state = JSON.stringify(startLimit(limits, Date.now()));
  await tx.$executeRaw`insert into endpoint_limit
      (base_url, model, concurrency, min_concurrency, max_concurrency, reason, state)
    values (${baseURL}, ${model}, ${limits.start}::int, ${limits.min}::int, ${limits.max}::int, 'first call',
      ${state}::jsonb) on conflict do nothing`;
  const locked = await readOne(tx, Locked, sql, `limit of ${model} at ${baseURL}`);
  await tx.$executeRaw`insert into endpoint_change (endpoint_id, concurrency, breaker, reason)
    select ${locked.endpointId}::int, ${limits.start}::int, 'closed', 'first call'
    where not exists (select from endpoint_change where endpoint_id = ${locked.endpointId}::int)`;
  return locked;
}

const Slot = z.object({ owner: z.string(), slots: z.number(), wanted: z.number() });

/**
 * The places of all other workers that are alive. A worker that died is forgotten with its lease, and with it what it
 * held.
 */
async function otherSlots(tx: Tx, endpointId: number, owner: string): Promise<z.infer<typeof Slot>[]> {
  return read(
    tx,
    Slot,
    Prisma.sql`with gone as (
        delete from endpoint_slot where endpoint_id = ${endpointId}::int and lease_until < clock_timestamp()
      )
      select owner, slots, wanted from endpoint_slot
      where endpoint_id = ${endpointId}::int and owner <> ${owner} and lease_until >= clock_timestamp()`,
  );
}

async function sync(db: Db, report: EndpointReport): Promise<EndpointGrant> {
  const { owner, want, inUse, limits, tally, pace } = report;
  return inTransaction(db, async (tx) => {
    const { endpointId, state: before, at } = await lockLimit(tx, report);
    const others = await otherSlots(tx, endpointId, owner);
    const wants = [...others.map(({ owner, wanted }) => ({ owner, want: wanted })), { owner, want }];
    const inDemand = wants.reduce((sum, each) => sum + each.want, 0) >= before.limit;
    const told = advance(before, limits, tally, { owner, workers: wants.length, at, inDemand }, pace);
    const state = want > 0 ? letProbe(told, owner, at) : told;
    const free = state.limit - others.reduce((sum, { slots }) => sum + slots, 0);
    const share = Math.min(shareOf(state, wants, owner, Math.floor(at / TURN_MS)), free);
    // What is in flight cannot be taken back; it counts until it is done.
    const slots = Math.max(inUse, share, 0);
    await keepSlots(tx, endpointId, report, slots);
    await keepState(tx, endpointId, report, { before, state, at });
    const probeInMs = state.breaker === "open" ? Math.max(0, state.probeAt - at) : 0;
    return { slots: Math.max(share, 0), limit: state.limit, breaker: state.breaker, probeInMs };
  });
}

async function keepSlots(tx: Tx, endpointId: number, report: EndpointReport, slots: number): Promise<void> {
  const { owner, want, inUse, leaseMs } = report;
  if (want === 0 && inUse === 0) {
    await tx.$executeRaw`delete from endpoint_slot where endpoint_id = ${endpointId}::int and owner = ${owner}`;
    return;
  }
  const until = Prisma.sql`clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`;
  await tx.$executeRaw`insert into endpoint_slot (endpoint_id, owner, slots, wanted, lease_until)
    values (${endpointId}::int, ${owner}, ${slots}::int, ${want}::int, ${until})
    on conflict (endpoint_id, owner)
      do update set slots = excluded.slots, wanted = excluded.wanted, lease_until = excluded.lease_until`;
}

async function keepState(
  tx: Tx,
  endpointId: number,
  { limits }: EndpointReport,
  { before, state, at }: { before: LimitState; state: LimitState; at: number },
): Promise<void> {
  const changed = state.limit !== before.limit || state.breaker !== before.breaker;
  // That a down endpoint is tried now and then is no news.
  const told = state.limit !== before.limit || (state.breaker === "closed") !== (before.breaker === "closed");
  const time = (ms: number) => Prisma.sql`to_timestamp(nullif(${ms}::float8, 0) / 1000)`;
  await tx.$executeRaw`update endpoint_limit set concurrency = ${state.limit}::int, state = ${JSON.stringify(state)}::jsonb,
      min_concurrency = ${limits.min}::int, max_concurrency = ${limits.max}::int, slow_start = ${state.slowStart},
      cooldown_until = ${time(state.cooldownUntil)}, breaker = ${state.breaker}, probe_at = ${time(state.probeAt)},
      last_answer_at = ${time(state.lastAnswerAt)}, reason = ${state.reason},
      changed_at = case when ${changed} then to_timestamp(${at}::float8 / 1000) else changed_at end
    where id = ${endpointId}::int`;
  if (!told) return;
  await tx.$executeRaw`insert into endpoint_change (endpoint_id, concurrency, breaker, reason)
    values (${endpointId}::int, ${state.limit}::int, ${state.breaker}, ${state.reason})`;
  await tx.$executeRaw`delete from endpoint_change where endpoint_id = ${endpointId}::int and id <= (
    select id from endpoint_change where endpoint_id = ${endpointId}::int order by id desc
    offset ${HISTORY}::int limit 1)`;
}
