import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ImportBatch, ImportProgress, ImportSteps, OpenImport } from "@/lib/core/import-store";
import type { Rejection } from "@/lib/core/rows";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { manyRows, manyWords, soonOnDisk, type Bulk } from "./bulk";
import type { Db, Runs } from "./client";
import { DraftBatch } from "./draft-batch";
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
    batch: (importId) => new Batch({ bulk, importId, reject, words }),
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

type Storing = { bulk: Bulk; importId: number; reject: Reject; words: WordIndex };

class Batch implements ImportBatch {
  private readonly drafts = new DraftBatch();
  private readonly rejections: Rejection[] = [];

  constructor(private readonly storing: Storing) {}

  get records(): number {
    return this.drafts.length + this.rejections.length;
  }
  add(draft: TrajectoryDraft): void {
    this.drafts.add(draft);
  }
  reject(rejection: Rejection): void {
    this.rejections.push(rejection);
  }
  async advance(to: ImportProgress, after?: Promise<void>): Promise<void> {
    const { importId, words } = this.storing;
    try {
      await after;
      await referring(demandId("import", importId), this.store(to));
      words.added(this.drafts.said);
    } finally {
      this.drafts.clear();
      this.rejections.length = 0;
    }
  }

  private store({ attempt, digest, format }: ImportProgress): Promise<void> {
    const { bulk, importId, reject, words } = this.storing;
    const { drafts, rejections, records } = this;
    return bulk.transaction(async (tx) => {
      if (rejections.length > 0) await reject(tx, importId, rejections);
      const added =
        drafts.length === 0 ? { stored: 0, duplicates: 0 } : await drafts.store(tx, importId, words);
      const count = await tx.$executeRaw`update import set records = records + ${records}::int,
        stored = stored + ${added.stored}::int, duplicates = duplicates + ${added.duplicates}::int,
        rejected = rejected + ${rejections.length}::int, digest = ${digest}, format = ${format}
      where id = ${importId}::int and attempt = ${attempt}::int and state = 'storing'`;
      if (count === 0) throw new AppError("conflict", `somebody else went on with import ${importId}`);
    }, [manyRows, manyWords, soonOnDisk].join("; "));
  }
}

async function close(db: Db, importId: number, attempt: number, error: string | null): Promise<void> {
  demandId("import", importId);
  await db.$executeRaw`update import set state = ${error === null ? "stored" : "failed"},
      error = ${storable(error)}, finished_at = now()
    where id = ${importId}::int and attempt = ${attempt}::int and state = 'storing'`;
}
