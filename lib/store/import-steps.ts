import { setImmediate as others } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ImportBatch, ImportSteps, OpenImport } from "@/lib/core/import-store";
import type { Rejection } from "@/lib/core/rows";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { hashedDraft, storeDrafts, type HashedDraft } from "./add-trajectories";
import type { Bulk } from "./bulk";
import type { Db, Runs } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { read } from "./rows";
import { storable } from "./text";
import { wordIndexIn, type WordIndex } from "./word-index";

const Opened = z.object({
  attempt: z.number(),
  records: z.number(),
  format: z.string().nullable(),
  digest: z.string().nullable(),
  defaults: z.unknown(),
}) satisfies z.ZodType<OpenImport>;

type Reject = (tx: Runs, importId: number, rejections: Rejection[]) => Promise<void>;

/** Storing an import batch by batch; `reject` keeps the lines of a batch that could not be read. */
export function importStepsIn(db: Db, bulk: Bulk, reject: Reject): ImportSteps {
  const words = wordIndexIn(bulk);
  return {
    open: (importId) => open(db, importId),
    advance: (importId, batch, after) => advance(bulk, { importId, batch, after, reject, words }),
    close: async (importId, attempt, error) => {
      await words.settled();
      await close(db, importId, attempt, error);
    },
  };
}

async function open(db: Db, importId: number): Promise<OpenImport> {
  const what = demandId("import", importId);
  const [opened] = await read(
    db,
    Opened,
    Prisma.sql`update import set attempt = attempt + 1, state = 'storing', error = null, finished_at = null
      where id = ${importId}::int and kind = 'trajectories' and state <> 'stored'
      returning attempt, records, format, digest, defaults`,
  );
  if (opened) return opened;
  const row = await db.import.findUnique({ where: { id: importId }, select: { kind: true } });
  if (row === null) throw new AppError("not_found", `there is no ${what}`);
  if (row.kind !== "trajectories")
    throw new AppError("invalid_input", `${what} holds no trajectories`, { fix: "import the file anew" });
  throw new AppError("conflict", `${what} is stored already`, {
    fix: "import the file anew, if it has changed",
  });
}

type Advance = {
  importId: number;
  batch: ImportBatch;
  after: Promise<void> | undefined;
  reject: Reject;
  words: WordIndex;
};

/** So many drafts are prepared before the database is answered: it must not wait for a whole batch. */
const PREPARED = 16;

async function prepared(drafts: TrajectoryDraft[]): Promise<HashedDraft[]> {
  const hashed: HashedDraft[] = [];
  for (const [index, draft] of drafts.entries()) {
    if (index % PREPARED === 0) await others();
    hashed.push(hashedDraft(draft, index));
  }
  return hashed;
}

/** All that needs no database is done while the batch before is stored. */
async function advance(bulk: Bulk, { importId, batch, after, reject, words }: Advance): Promise<void> {
  const { attempt, digest, format, drafts, rejections } = batch;
  const what = demandId("import", importId);
  const hashed = await prepared(drafts);
  await after;
  const stored = bulk.transaction(async (tx) => {
    if (rejections.length > 0) await reject(tx, importId, rejections);
    const added = await storeDrafts(tx, hashed, importId);
    const count =
      await tx.$executeRaw`update import set records = records + ${drafts.length + rejections.length}::int,
        stored = stored + ${added.stored}::int, duplicates = duplicates + ${added.duplicates}::int,
        rejected = rejected + ${rejections.length}::int, digest = ${digest}, format = ${format}
      where id = ${importId}::int and attempt = ${attempt}::int and state = 'storing'`;
    if (count === 0) throw new AppError("conflict", `somebody else went on with ${what}`);
  });
  await referring(what, stored);
  await words.added(hashed.reduce((sum, each) => sum + each.words.length, 0));
}

async function close(db: Db, importId: number, attempt: number, error: string | null): Promise<void> {
  demandId("import", importId);
  await db.$executeRaw`update import set state = ${error === null ? "stored" : "failed"},
      error = ${storable(error)}, finished_at = now()
    where id = ${importId}::int and attempt = ${attempt}::int and state = 'storing'`;
}
