import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ImportDefaults } from "@/lib/core/ports";
import type { ImportRow, Page, Rejection } from "@/lib/core/rows";
import { sources, type TrajectoryDraft } from "@/lib/core/trajectory";
import { readRecords } from "@/lib/importers/registry";
import type { SkippedFile } from "@/lib/importers/zip";
import type { Deps } from "./deps";

const PAGE = 50;
/** How much of a file a preview reads: enough to show what was understood, little enough to answer at once. */
const PREVIEW_RECORDS = 500;
const PREVIEW_SHOWN = 3;
const PREVIEW_REJECTED = 20;
const PREVIEW_SKIPPED = 50;

/** What the person importing says about records that do not say it themselves. */
export const Defaults = z.strictObject({
  environment: z.string().trim().min(1).max(100).nullable().default(null),
  source: z.enum(sources).default("expert"),
  model: z.string().trim().min(1).max(200).nullable().default(null),
  withoutReward: z.enum(["unknown", "solved"]).default("unknown"),
}) satisfies z.ZodType<ImportDefaults>;

export type ImportPreview = {
  format: string | null;
  /** Records looked at; `more` when the file goes on. */
  records: number;
  more: boolean;
  accepted: number;
  solved: number;
  failed: number;
  unknown: number;
  environments: string[];
  /** The first of each, to look at. */
  drafts: TrajectoryDraft[];
  /** By what records said which replies to train on; such masks are not imported. */
  masks: string[];
  /** Files of an archive that are not imported, as the sidecars of our own downloads, and why. */
  skipped: SkippedFile[];
  rejections: Rejection[];
};

/** What a file of trajectories would give, read from its beginning; nothing is stored. */
export async function previewImport(
  stream: AsyncIterable<Uint8Array>,
  options: { format?: string; defaults: ImportDefaults },
): Promise<ImportPreview> {
  const preview: ImportPreview = {
    format: null,
    records: 0,
    more: false,
    accepted: 0,
    solved: 0,
    failed: 0,
    unknown: 0,
    environments: [],
    drafts: [],
    masks: [],
    skipped: [],
    rejections: [],
  };
  const skipped = ({ file, why }: SkippedFile) => {
    if (preview.skipped.length < PREVIEW_SKIPPED) preview.skipped.push({ file: file.slice(0, 200), why });
  };
  for await (const record of readRecords(stream, { ...options, skipped })) {
    if (preview.records === PREVIEW_RECORDS) return { ...preview, more: true };
    preview.records += 1;
    if (!record.ok) {
      if (preview.rejections.length < PREVIEW_REJECTED) preview.rejections.push(record);
      continue;
    }
    const { draft } = record;
    preview.format ??= record.format;
    preview.accepted += 1;
    preview[draft.success === null ? "unknown" : draft.success ? "solved" : "failed"] += 1;
    if (!preview.environments.includes(draft.environment)) preview.environments.push(draft.environment);
    if (record.mask !== null && !preview.masks.includes(record.mask)) preview.masks.push(record.mask);
    if (preview.drafts.length < PREVIEW_SHOWN) preview.drafts.push(draft);
  }
  return preview;
}

/** Opens an import: the row that says who imported which file, and how far it is. */
export function beginImport(
  { store }: Pick<Deps, "store">,
  personId: number,
  file: { kind: ImportRow["kind"]; fileName: string; format: string | null; defaults: unknown },
): Promise<ImportRow> {
  return store.imports.create({ ...file, personId });
}

/** Runs an import to its end and says on its row how it ended. */
export async function finishing(
  store: Deps["store"],
  importId: number,
  work: () => Promise<void>,
): Promise<ImportRow> {
  try {
    await work();
    await store.imports.update(importId, { state: "stored", finishedAt: new Date() });
  } catch (error) {
    const message = error instanceof AppError ? error.message : "an internal error; see the server log";
    await store.imports.update(importId, { state: "failed", error: message, finishedAt: new Date() });
    throw error;
  }
  return store.imports.get(importId);
}

/** Imports, newest first. */
export function listImports(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
  limit = PAGE,
): Promise<Page<ImportRow>> {
  return store.imports.list(cursor, limit);
}

/** An import and its rejected lines. @throws AppError not_found */
export async function importView(
  { store }: Pick<Deps, "store">,
  importId: number,
  cursor: string | null,
  limit = PAGE,
): Promise<{ row: ImportRow; rejections: Page<Rejection> }> {
  const [row, rejections] = await Promise.all([
    store.imports.get(importId),
    store.imports.rejections(importId, cursor, limit),
  ]);
  return { row, rejections };
}
