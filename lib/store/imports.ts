import type { ImportRow as Import, Rejection } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Bulk } from "./bulk";
import type { Db, Runs } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { importStepsIn } from "./import-steps";
import { demandId, referring } from "./ids";
import { AppError } from "@/lib/core/errors";
import { Id, ImportRow, importColumns, read, readOne, RejectionRow } from "./rows";
import { demandStorable, storable } from "./text";

/** Imports and the lines they rejected. */
export function importsIn(db: Db, bulk: Bulk): Store["imports"] {
  return {
    create: (row) => create(db, row),
    update: (importId, change) => update(db, importId, change),
    reject: (importId, rejections) => reject(db, importId, rejections),
    get: (importId) => get(db, importId),
    list: (cursor, limit) => list(db, cursor, limit),
    rejections: (importId, cursor, limit) => rejections(db, importId, cursor, limit),
    ...importStepsIn(db, bulk, reject),
  };
}

const fromImports = Prisma.sql`select ${importColumns} from import join person on person.id = import.person_id`;

async function create(db: Db, row: Parameters<Store["imports"]["create"]>[0]): Promise<Import> {
  const { kind, fileName, format, personId, defaults } = row;
  demandStorable({ format, defaults }, "the import");
  const inserted = read(
    db,
    Id,
    Prisma.sql`insert into import (kind, file_name, format, person_id, defaults)
      values (${kind}, ${storable(fileName)}, ${format}, ${personId}::int, ${JSON.stringify(defaults ?? {})}::jsonb)
      returning id`,
  );
  const [created] = await referring("the import", inserted);
  return get(db, created?.id ?? 0);
}

async function get(db: Db, importId: number): Promise<Import> {
  const what = demandId("import", importId);
  return readOne(db, ImportRow, Prisma.sql`${fromImports} where import.id = ${importId}::int`, what);
}

async function update(db: Db, importId: number, change: Parameters<Store["imports"]["update"]>[1]) {
  const what = demandId("import", importId);
  const { kind, fileName, format, state, records, stored, duplicates, rejected, error, runId, finishedAt } =
    change;
  const data = { kind, fileName, format, state, records, stored, duplicates, rejected, runId, finishedAt };
  const text = error === undefined ? {} : { error: storable(error) };
  const updated = db.import.updateMany({ where: { id: importId }, data: { ...data, ...text } });
  const { count } = await referring(what, updated);
  if (count === 0) throw new AppError("not_found", `there is no ${what}`);
}

/** Rejected text is kept as far as it can be stored: that it cannot may be why it was rejected. */
async function reject(db: Runs, importId: number, rejections: Rejection[]): Promise<void> {
  const what = demandId("import", importId);
  const of = <T>(pick: (row: Rejection) => T) => rejections.map(pick);
  const inserted = db.$executeRaw`insert into import_rejection (import_id, line, byte_offset, reason, sample)
    select ${importId}::int, line, byte_offset, reason, sample
    from unnest(${of((r) => r.line)}::int[], ${of((r) => String(r.byteOffset))}::text[]::bigint[],
      ${of((r) => storable(r.reason))}::text[], ${of((r) => storable(r.sample))}::text[])
      with ordinality as given(line, byte_offset, reason, sample, position)
    order by position`;
  await referring(what, inserted);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where import.id < ${after}::int`;
  const sql = Prisma.sql`${fromImports} ${before} order by import.id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, ImportRow, sql), limit, (row) => row.importId);
}

/** In the order they were met. */
async function rejections(db: Db, importId: number, cursor: string | null, limit: number) {
  await get(db, importId);
  const after = readIdCursor(cursor) ?? 0;
  const rows = await read(
    db,
    RejectionRow,
    Prisma.sql`select id as "rejectionId", line, byte_offset as "byteOffset", reason, sample from import_rejection
      where import_id = ${importId}::int and id > ${after}::int order by id limit ${limit + 1}::int`,
  );
  const page = pageOf(rows, limit, (row) => row.rejectionId);
  return { ...page, rows: page.rows.map(({ rejectionId: _, ...rejection }) => rejection) };
}
