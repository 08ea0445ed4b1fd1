import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import {
  verificationOutcomes,
  verificationStates,
  type VerificationEntry as Entry,
  type VerificationRow as Verification,
} from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { inTransaction, type Db, type Tx } from "./client";
import { pageOf, readCursor, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { storable } from "./text";

/** Trajectories replayed by one job. */
const CHUNK = 50;

/** Passes of replaying chosen trajectories. */
export function verificationsIn(db: Db): Store["verifications"] {
  return {
    create: (personId, trajectoryIds) => create(db, personId, trajectoryIds),
    get: (verificationId) => get(db, verificationId),
    list: (cursor, limit) => list(db, cursor, limit),
    entries: (verificationId, cursor, limit) => entries(db, verificationId, cursor, limit),
    chunks: (verificationId) => chunksOf(db, verificationId),
    next: (verificationId, chunk) => next(db, verificationId, chunk),
    end: (verificationId, trajectoryId, end) => endEntry(db, verificationId, trajectoryId, end),
    cancel: (verificationId) => cancel(db, verificationId),
    requeue: (verificationId) => requeue(db, verificationId),
    waiting: (limit) => waiting(db, limit),
  };
}

const Count = z.number().int();
const VerificationRow: z.ZodType<Verification> = z.object({
  verificationId: z.number(),
  state: z.enum(verificationStates),
  createdBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
  outcomes: z.record(z.enum(verificationOutcomes), Count),
});

const counts = Prisma.join(
  verificationOutcomes.map(
    (name) => Prisma.sql`${name}::text, count(*) filter (where n.outcome = ${name}::text)`,
  ),
);
const select = Prisma.sql`select v.id as "verificationId", v.state, person.name as "createdBy",
  v.created_at as "createdAt", v.finished_at as "finishedAt",
  (select json_build_object(${counts}) from verification_entry n where n.verification_id = v.id) as outcomes
  from verification v join person on person.id = v.person_id`;

async function create(db: Db, personId: number, trajectoryIds: number[]): Promise<Verification> {
  const made = inTransaction(db, async (tx) => {
    const [row] = await read(
      tx,
      Id,
      Prisma.sql`insert into verification (person_id) values (${personId}::int) returning id`,
    );
    await tx.$executeRaw`insert into verification_entry (verification_id, trajectory_id, chunk)
      select ${row?.id}::int, id, (position - 1) / ${CHUNK}::int
      from unnest(${trajectoryIds}::int[]) with ordinality as given(id, position)`;
    return row?.id ?? 0;
  });
  return get(db, await referring("the verification", made));
}

function get(db: Db, verificationId: number): Promise<Verification> {
  const what = demandId("verification", verificationId);
  return readOne(db, VerificationRow, Prisma.sql`${select} where v.id = ${verificationId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where v.id < ${after}::int`;
  const sql = Prisma.sql`${select} ${before} order by v.id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, VerificationRow, sql), limit, (row) => row.verificationId);
}

const EntryRow = z.object({
  trajectoryId: z.number(),
  environment: z.string(),
  subtaskKey: z.string(),
  instruction: z.string(),
  stepCount: Count,
  outcome: z.enum(verificationOutcomes),
  divergedAt: Count.nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  rank: Count,
}) satisfies z.ZodType<Entry>;
const rank = Prisma.sql`case n.outcome when 'errored' then 0 when 'diverged' then 1 when 'not_replayable' then 2
  when 'queued' then 3 when 'verified' then 4 else 5 end`;
const Cursor = z.tuple([Count, Count]);

async function entries(db: Db, verificationId: number, cursor: string | null, limit: number) {
  await get(db, verificationId);
  const [fromRank, fromId] = cursor === null ? [-1, 0] : readCursor(Cursor, cursor);
  const rows = await read(
    db,
    EntryRow,
    Prisma.sql`select n.trajectory_id as "trajectoryId", e.name as environment, s.subtask_key as "subtaskKey",
        coalesce(t.instruction, s.instruction) as instruction, t.step_count as "stepCount", n.outcome,
        case when n.outcome = 'diverged' then (c.divergence->>'stepIndex')::int end as "divergedAt",
        n.error_code as "errorCode", n.error_message as "errorMessage", ${rank} as rank
      from verification_entry n join trajectory t on t.id = n.trajectory_id
      join environment e on e.id = t.environment_id join subtask s on s.id = t.subtask_id
      left join replay_check c on c.trajectory_id = t.id
      where n.verification_id = ${verificationId}::int and (${rank}, n.trajectory_id) > (${fromRank}::int, ${fromId}::int)
      order by ${rank}, n.trajectory_id limit ${limit + 1}::int`,
  );
  const page = pageOf(rows, limit, (row) => [row.rank, row.trajectoryId]);
  return { ...page, rows: page.rows.map(({ rank: _, ...entry }) => entry) };
}

const Chunk = z.object({ verificationId: z.number(), chunk: Count });

async function chunksOf(tx: Tx, verificationId: number): Promise<number[]> {
  const rows = await read(
    tx,
    Chunk,
    Prisma.sql`select distinct verification_id as "verificationId", chunk from verification_entry
      where verification_id = ${verificationId}::int and outcome = 'queued' order by chunk`,
  );
  return rows.map(({ chunk }) => chunk);
}

async function next(db: Db, verificationId: number, chunk: number): Promise<number | null> {
  const [row] = await read(
    db,
    Id,
    Prisma.sql`select trajectory_id as id from verification_entry where verification_id = ${verificationId}::int
      and chunk = ${chunk}::int and outcome = 'queued' order by trajectory_id limit 1`,
  );
  return row?.id ?? null;
}

async function endEntry(
  db: Db,
  verificationId: number,
  trajectoryId: number,
  { outcome, error }: Parameters<Store["verifications"]["end"]>[2],
): Promise<void> {
  await inTransaction(db, async (tx) => {
    // Two workers that end the last two entries at once must not both see the other's as waiting.
    await tx.$executeRaw`select from verification where id = ${verificationId}::int for no key update`;
    await tx.$executeRaw`update verification_entry set outcome = ${outcome}, error_code = ${error?.code ?? null},
        error_message = ${error && storable(error.message)}
      where verification_id = ${verificationId}::int and trajectory_id = ${trajectoryId}::int and outcome = 'queued'`;
    await tx.$executeRaw`update verification v set state = 'done', finished_at = now()
      where v.id = ${verificationId}::int and v.state = 'running' and not exists (
        select from verification_entry n where n.verification_id = v.id and n.outcome = 'queued')`;
  });
}

async function cancel(db: Db, verificationId: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    const moved = await tx.$executeRaw`update verification set state = 'cancelled', finished_at = now()
      where id = ${verificationId}::int and state = 'running'`;
    if (moved === 0) throw new AppError("conflict", `verification ${verificationId} is not running`);
    await tx.$executeRaw`update verification_entry set outcome = 'cancelled'
      where verification_id = ${verificationId}::int and outcome = 'queued'`;
  });
}

async function requeue(db: Db, verificationId: number): Promise<number[]> {
  await get(db, verificationId);
  return inTransaction(db, async (tx) => {
    await tx.$executeRaw`select from verification where id = ${verificationId}::int for no key update`;
    await tx.$executeRaw`update verification_entry set outcome = 'queued', error_code = null, error_message = null
      where verification_id = ${verificationId}::int and outcome in ('errored', 'cancelled')`;
    const chunks = await chunksOf(tx, verificationId);
    if (chunks.length > 0)
      await tx.$executeRaw`update verification set state = 'running', finished_at = null
        where id = ${verificationId}::int`;
    return chunks;
  });
}

function waiting(db: Db, limit: number): Promise<z.infer<typeof Chunk>[]> {
  return read(
    db,
    Chunk,
    Prisma.sql`select distinct n.verification_id as "verificationId", n.chunk from verification_entry n
      join verification v on v.id = n.verification_id
      where n.outcome = 'queued' and v.state = 'running' order by 1, 2 limit ${limit}::int`,
  );
}
