import { z } from "zod";
import {
  exportStates,
  type DatasetExportRow,
  type DatasetExportStore,
  type ExportClaim,
  type ExportWorker,
} from "@/lib/core/dataset-export";
import type { Db, Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { demandStorable, storable } from "./text";

/** An export claimed this often without an end takes its worker down with it, and is given up. */
const MAX_CLAIMS = 5;
/** Exports of one dataset that are listed: more than there are formats and versions in use. */
const LISTED = 200;
const MESSAGE_CHARACTERS = 2000;

const Int = z.number().int();
const Time = z.date().nullable();
const row = {
  exportId: Int,
  datasetId: Int,
  dataset: z.string(),
  format: z.string(),
  version: z.string(),
  fileName: z.string(),
  state: z.enum(exportStates),
  examples: Int,
  exampleCount: Int,
  bytes: Int,
  sha256: z.string().nullable(),
  expiresAt: Time,
  error: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }).nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  startedAt: Time,
  finishedAt: Time,
};
const Row: z.ZodType<DatasetExportRow> = z.object(row);
const Claim: z.ZodType<ExportClaim> = z.object({ ...row, key: z.string(), epoch: Int });

const columns = Prisma.sql`e.id as "exportId", e.dataset_id as "datasetId", dataset.name as dataset, e.format,
  e.gleaner_version as version, e.file_name as "fileName", e.state, e.examples,
  dataset.example_count as "exampleCount", e.bytes::float8 as bytes, e.sha256, e.expires_at as "expiresAt",
  case when e.error_code is not null
    then jsonb_build_object('code', e.error_code, 'message', e.error_message, 'fix', e.error_fix) end as error,
  person.name as "createdBy", e.created_at as "createdAt", e.started_at as "startedAt",
  e.finished_at as "finishedAt"`;
const from = Prisma.sql`from dataset_export e join dataset on dataset.id = e.dataset_id
  join person on person.id = e.person_id`;

/** Datasets as files that wait to be downloaded. */
export function datasetExportsIn(db: Db): DatasetExportStore {
  return {
    ...askingIn(db),
    ...keepingIn(db),
    ...writingIn(db),
  };
}

type Asking = Pick<DatasetExportStore, "ask" | "get" | "list" | "fileId" | "cancel" | "withdraw" | "forget">;

function askingIn(db: Db): Asking {
  return {
    ask: (wanted) => ask(db, wanted),
    get: (exportId) => get(db, exportId),
    list(datasetId, folder) {
      demandId("dataset", datasetId);
      const of = Prisma.sql`where e.dataset_id = ${datasetId}::int and e.folder = ${folder} order by e.id desc limit ${LISTED}::int`;
      return read(db, Row, Prisma.sql`select ${columns} ${from} ${of}`);
    },
    fileId(exportId) {
      const what = demandId("export", exportId);
      const sql = Prisma.sql`select key, epoch from dataset_export where id = ${exportId}::int`;
      return readOne(db, z.object({ key: z.string(), epoch: Int }), sql, what);
    },
    async cancel(exportId) {
      demandId("export", exportId);
      const changed = await db.$executeRaw`update dataset_export set state = 'cancelled', finished_at = now(),
          ${free}, epoch = epoch + 1 where id = ${exportId}::int and ${open}`;
      return changed > 0;
    },
    async withdraw(exportId, to) {
      demandId("export", exportId);
      const changed = await db.$executeRaw`update dataset_export set ${anew}, state = ${to},
          epoch = epoch + 1, finished_at = case when ${to} = 'cancelled' then now() end
        where id = ${exportId}::int and state = 'done'`;
      return changed > 0;
    },
    async forget(exportId) {
      demandId("export", exportId);
      const gone = await db.$executeRaw`delete from dataset_export
        where id = ${exportId}::int and state in ('failed', 'cancelled')`;
      return gone > 0;
    },
  };
}

type Keeping = Pick<DatasetExportStore, "keep" | "bytes" | "known" | "expired" | "waiting">;

function keepingIn(db: Db): Keeping {
  return {
    async keep(exportId, keptMs) {
      await db.$executeRaw`update dataset_export set expires_at = ${after(keptMs)}
        where id = ${exportId}::int and state = 'done' and expires_at < ${after(keptMs * 0.99)}`;
    },
    async bytes(folder) {
      const sql = Prisma.sql`select coalesce(sum(bytes), 0)::float8 as bytes from dataset_export
        where folder = ${folder} and state in ('done', 'running')`;
      return (await readOne(db, z.object({ bytes: Int }), sql, "sum")).bytes;
    },
    known(keys) {
      const sql = Prisma.sql`select key, case when state in ('done', 'running') then epoch end as epoch
        from dataset_export where key = any(${keys}::text[])`;
      return read(db, z.object({ key: z.string(), epoch: Int.nullable() }), sql);
    },
    async expired(folder, limit) {
      const sql = Prisma.sql`select id from dataset_export where folder = ${folder} and state = 'done'
        and expires_at < now() order by expires_at limit ${limit}::int`;
      return (await read(db, Id, sql)).map(({ id }) => id);
    },
    async waiting(folder, limit) {
      const sql = Prisma.sql`select id from dataset_export where folder = ${folder} and ${open}
        and (lease_until is null or lease_until < now()) order by id limit ${limit}::int`;
      return (await read(db, Id, sql)).map(({ id }) => id);
    },
  };
}

type Writing = Pick<DatasetExportStore, "claim" | "report" | "release" | "finish" | "fail">;

function writingIn(db: Db): Writing {
  return {
    claim: (exportId, worker) => claim(db, exportId, worker),
    async report(exportId, epoch, { examples, bytes }, leaseMs) {
      const held = await db.$executeRaw`update dataset_export set examples = ${examples}::int,
          bytes = ${bytes}::bigint, lease_until = ${after(leaseMs)} where ${ours(exportId, epoch)}`;
      return held > 0;
    },
    async release(exportId, epoch) {
      await db.$executeRaw`update dataset_export set ${anew}, state = 'queued', finished_at = null
        where ${ours(exportId, epoch)}`;
    },
    async finish(exportId, epoch, { bytes, sha256, keptMs }) {
      const ended = await db.$executeRaw`update dataset_export e set state = 'done', ${free},
          finished_at = now(), bytes = ${bytes}::bigint, sha256 = ${sha256}, expires_at = ${after(keptMs)},
          examples = (select example_count from dataset where dataset.id = e.dataset_id)
        where ${ours(exportId, epoch)}`;
      return ended > 0;
    },
    async fail(exportId, epoch, { code, message, fix }) {
      const said = [message, fix].map((text) => (text === undefined ? null : short(text)));
      const ended = await db.$executeRaw`update dataset_export set state = 'failed', ${free},
          finished_at = now(), error_code = ${code}, error_message = ${said[0]}, error_fix = ${said[1]}
        where ${ours(exportId, epoch)}`;
      return ended > 0;
    },
  };
}

async function ask(db: Db, wanted: Parameters<DatasetExportStore["ask"]>[0]): Promise<DatasetExportRow> {
  const { datasetId, format, version, folder, fileName, personId } = wanted;
  demandId("dataset", datasetId);
  demandStorable({ format, version, fileName }, "the export");
  const inserted = db.$executeRaw`insert into dataset_export
      (dataset_id, format, gleaner_version, folder, file_name, person_id)
    values (${datasetId}::int, ${format}, ${version}, ${folder}, ${fileName}, ${personId}::int)
    on conflict (dataset_id, format, gleaner_version, folder) do nothing`;
  await referring("the export", inserted);
  const its = Prisma.sql`dataset_id = ${datasetId}::int and format = ${format}
    and gleaner_version = ${version} and folder = ${folder}`;
  await db.$executeRaw`update dataset_export set ${anew}, state = 'queued', finished_at = null, person_id = ${personId}::int, created_at = now()
    where ${its} and state in ('failed', 'cancelled')`;
  return readOne(db, Row, Prisma.sql`select ${columns} ${from} where ${its}`, `export in ${format}`);
}

function get(tx: Tx, exportId: number): Promise<DatasetExportRow> {
  const what = demandId("export", exportId);
  return readOne(tx, Row, Prisma.sql`select ${columns} ${from} where e.id = ${exportId}::int`, what);
}

async function claim(db: Db, exportId: number, { owner, leaseMs, version, folder }: ExportWorker) {
  demandId("export", exportId);
  const takeable = Prisma.sql`id = ${exportId}::int and folder = ${folder} and ${open}
    and (lease_until is null or lease_until < now())`;
  await db.$executeRaw`update dataset_export set state = 'failed', ${free}, finished_at = now(),
      error_code = 'poison', error_message = ${`writing it broke off ${MAX_CLAIMS} times`},
      error_fix = 'the worker’s log says why; then prepare it again'
    where ${takeable} and claims >= ${MAX_CLAIMS}::int`;
  await db.$executeRaw`update dataset_export set state = 'failed', ${free}, finished_at = now(),
      error_code = 'conflict', error_message = 'it was asked of Gleaner ' || gleaner_version || ${`, and this is ${version}`},
      error_fix = 'prepare it again'
    where ${takeable} and gleaner_version <> ${version}`;
  const taken = await db.$executeRaw`update dataset_export set owner = ${owner}, epoch = epoch + 1,
      claims = claims + 1, lease_until = ${after(leaseMs)}, started_at = now(), state = 'running',
      examples = 0, bytes = 0
    where ${takeable}`;
  if (taken === 0) return null;
  const mine = Prisma.sql`where e.id = ${exportId}::int and e.owner = ${owner}`;
  return (await read(db, Claim, Prisma.sql`select ${columns}, e.key, e.epoch ${from} ${mine}`))[0] ?? null;
}

const short = (text: string): string => storable(text).slice(0, MESSAGE_CHARACTERS).toWellFormed();
const after = (ms: number) => Prisma.sql`now() + make_interval(secs => ${ms / 1000}::float8)`;
const open = Prisma.sql`state in ('queued', 'running')`;
const free = Prisma.sql`owner = null, lease_until = null`;
/** As if nobody had begun it; its epoch goes on, so that an old file is not taken for a new one. */
const anew = Prisma.sql`owner = null, lease_until = null, claims = 0, examples = 0, bytes = 0, sha256 = null,
  expires_at = null, error_code = null, error_message = null, error_fix = null, started_at = null`;
const ours = (exportId: number, epoch: number) =>
  Prisma.sql`id = ${exportId}::int and epoch = ${epoch}::int and owner is not null`;
