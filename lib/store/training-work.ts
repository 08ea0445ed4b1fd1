import { encryptSecret } from "@/lib/config/secret";
import { AppError } from "@/lib/core/errors";
import type { TrainingNews } from "@/lib/core/trainer";
import { LOG_TAIL_CHARACTERS, MESSAGE_CHARACTERS, MOST_EVENTS } from "@/lib/core/training";
import type { PolicyDraft, TrainingChange, TrainingEnd, TrainingStore } from "@/lib/core/training-store";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Id, read } from "./rows";
import { storable } from "./text";
import { selectClaims, TrainingClaim } from "./training-rows";

/** A training claimed this often without being given back takes its worker down with it, and is given up. */
const MAX_CLAIMS = 5;

type Work = Pick<TrainingStore, "claim" | "renew" | "change" | "report" | "release" | "end" | "waiting">;

/** Who follows which training. */
export function trainingWorkIn(db: Db): Work {
  return {
    claim: (trainingId, owner, leaseMs) => claim(db, trainingId, owner, leaseMs),
    async renew(trainingId, epoch, leaseMs) {
      return (
        (await db.$executeRaw`update training set lease_until = ${from(leaseMs)}
        where ${ours(trainingId, epoch)}`) > 0
      );
    },
    change: (trainingId, epoch, given) => change(db, trainingId, epoch, given),
    report: (trainingId, epoch, news) => report(db, trainingId, epoch, news),
    async release(trainingId, epoch, { inMs, failures, cancelSeen }) {
      await db.$executeRaw`update training set owner = null, lease_until = null, claims = 0,
          failures = ${failures}::int,
          look_at = case when cancel_asked and not ${cancelSeen}::bool then now() else ${from(inMs)} end
        where ${ours(trainingId, epoch)}`;
    },
    end: (trainingId, epoch, given) => end(db, trainingId, epoch, given),
    async waiting(limit) {
      const sql = Prisma.sql`select id from training where ${open} and look_at <= now()
        and (lease_until is null or lease_until < now()) order by look_at limit ${limit}::int`;
      return (await read(db, Id, sql)).map(({ id }) => id);
    },
  };
}

async function claim(db: Db, trainingId: number, owner: string, leaseMs: number) {
  demandId("training", trainingId);
  const free = Prisma.sql`id = ${trainingId}::int and ${open} and (lease_until is null or lease_until < now())`;
  await db.$executeRaw`update training set state = 'failed', owner = null, lease_until = null, finished_at = now(),
      error_code = 'poison', error_message = ${`its worker was gone ${MAX_CLAIMS} times`}
    where ${free} and claims >= ${MAX_CLAIMS}::int`;
  const taken =
    await db.$executeRaw`update training set owner = ${owner}, epoch = epoch + 1, claims = claims + 1,
      lease_until = ${from(leaseMs)}, started_at = coalesce(started_at, now()),
      state = case when state = 'queued' then 'uploading' else state end
    where ${free}`;
  if (taken === 0) return null;
  const mine = Prisma.sql`${selectClaims} where t.id = ${trainingId}::int and t.owner = ${owner}`;
  return (await read(db, TrainingClaim, mine))[0] ?? null;
}

async function change(db: Db, trainingId: number, epoch: number, given: TrainingChange): Promise<boolean> {
  const { phase, logTail, trainFile, validationFile, remoteId, attempting } = given;
  const tail = logTail === undefined || logTail === null ? logTail : lastOf(logTail);
  const changed = await db.$executeRaw`update training set
      phase = coalesce(${phase === undefined ? null : firstOf(phase, 200)}, phase),
      log_tail = case when ${tail === undefined}::bool then log_tail else ${tail ?? null} end,
      train_file = coalesce(${trainFile ?? null}, train_file),
      validation_file = coalesce(${validationFile ?? null}, validation_file),
      remote_id = coalesce(${remoteId ?? null}, remote_id),
      state = case when ${remoteId !== undefined}::bool then 'running' else state end,
      attempting = case when ${attempting === undefined}::bool then attempting else ${attempting ?? null} end
    where ${ours(trainingId, epoch)}`;
  return changed > 0;
}

/** Two workers at once tell the same events: the rows are the provider's, whoever tells them. */
function report(db: Db, trainingId: number, epoch: number, { events, cursor, totalSteps }: TrainingNews) {
  return inTransaction(db, async (tx) => {
    const held = await tx.$executeRaw`update training set event_cursor = coalesce(${cursor}, event_cursor),
        total_steps = coalesce(${totalSteps}::int, total_steps)
      where ${ours(trainingId, epoch)}`;
    if (held === 0) return false;
    const of = <T>(pick: (event: (typeof events)[number]) => T) => events.map(pick);
    await tx.$executeRaw`insert into training_event
        (training_id, event_key, at, level, message, step, loss, valid_loss)
      select ${trainingId}::int, event_key, at, level, message, step, loss, valid_loss from (
        select *, row_number() over (order by place) as n from unnest(${of(({ key }) => firstOf(key, 200))}::text[], ${of(({ at }) => at)}::timestamptz[],
        ${of(({ level }) => level)}::text[], ${of(({ message }) => firstOf(message, MESSAGE_CHARACTERS))}::text[],
        ${of(({ step }) => step)}::int[], ${of(({ loss }) => loss)}::float8[],
        ${of(({ validLoss }) => validLoss)}::float8[])
          with ordinality as given(event_key, at, level, message, step, loss, valid_loss, place)
        where not exists (select from training_event e
          where e.training_id = ${trainingId}::int and e.event_key = given.event_key)
      ) fresh
      where n + (select count(*) from training_event e where e.training_id = ${trainingId}::int) <= ${MOST_EVENTS}::int
      order by place on conflict (training_id, event_key) do nothing`;
    return true;
  });
}

function end(db: Db, trainingId: number, epoch: number, given: TrainingEnd): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const failed = given.state === "failed";
    const succeeded = given.state === "succeeded" ? given : null;
    const ended =
      await tx.$executeRaw`update training set state = ${given.state}, owner = null, lease_until = null,
        finished_at = now(), attempting = null, phase = coalesce(${succeeded?.phase ?? null}, phase),
        checkpoint = ${succeeded?.checkpoint ?? null},
        error_code = ${failed ? given.code : null},
        error_message = ${failed ? firstOf(given.message, MESSAGE_CHARACTERS) : null}
      where ${ours(trainingId, epoch)}`;
    if (ended > 0 && succeeded?.policy) await give(tx, trainingId, succeeded.policy);
    return ended > 0;
  });
}

/** Gives a training that succeeded its policy. @throws AppError conflict when it has one or did not succeed */
export async function registerCheckpoint(
  db: Db,
  trainingId: number,
  checkpoint: string,
  policy: PolicyDraft,
): Promise<void> {
  demandId("training", trainingId);
  await inTransaction(db, async (tx) => {
    const named = await tx.$executeRaw`update training set checkpoint = ${checkpoint}
      where id = ${trainingId}::int and state = 'succeeded' and policy_id is null`;
    if (named === 0)
      throw new AppError("conflict", `training ${trainingId} has its policy, or no checkpoint to register`, {
        fix: "look at its page",
      });
    await give(tx, trainingId, policy);
  });
}

/** Adds a policy under a name that nobody else has: somebody's own of that name is never changed. */
async function give(tx: Tx, trainingId: number, { name, kind, config, secret }: PolicyDraft): Promise<void> {
  for (const each of [name, `${name} (training ${trainingId})`]) {
    const added = await read(
      tx,
      Id,
      Prisma.sql`insert into policy (name, kind, config, secret)
        values (${each}, ${kind}, ${JSON.stringify(config)}::jsonb, ${secret === null ? null : encryptSecret(secret, each)})
        on conflict (name) do nothing returning id`,
    );
    if (!added[0]) continue;
    await tx.$executeRaw`update training set policy_id = ${added[0].id}::int where id = ${trainingId}::int`;
    return;
  }
  throw new AppError(
    "conflict",
    `there are policies “${name}” and “${name} (training ${trainingId})” already`,
    {
      fix: "register its checkpoint under another name",
    },
  );
}

const firstOf = (text: string, most: number): string => storable(text).slice(0, most).toWellFormed();
const lastOf = (text: string): string => storable(text).slice(-LOG_TAIL_CHARACTERS).toWellFormed();
const from = (ms: number) => Prisma.sql`now() + make_interval(secs => ${ms / 1000}::float8)`;
const open = Prisma.sql`state in ('queued', 'uploading', 'running')`;
const ours = (trainingId: number, epoch: number) =>
  Prisma.sql`id = ${trainingId}::int and epoch = ${epoch}::int and owner is not null`;
