import "server-only";
import { after } from "next/server";
import { z } from "zod";
import type { PersonRow } from "@/lib/core/rows";
import { previewEvidence, storeEvidence } from "@/lib/usecases/evidence";
import { beginImport, Defaults, previewImport } from "@/lib/usecases/imports";
import { resumeTrajectories, storeTrajectories } from "@/lib/usecases/store-trajectories";
import { deps } from "./deps";
import { findUpload, forgetUpload, openUpload, type Upload } from "./uploads";

export const PreviewRequest = z.strictObject({ uploadId: z.uuid(), defaults: Defaults.prefault({}) });

export const StoreRequest = z.strictObject({
  uploadId: z.uuid(),
  defaults: Defaults.prefault({}),
  evidence: z
    .strictObject({
      name: z.string().trim().min(1).max(200),
      checkpoint: z.string().trim().min(1).max(200).nullable().default(null),
      alpha: z.number().min(0).max(1).default(0),
    })
    .optional(),
  /** The import of trajectories to go on with, from the same file. */
  resume: z.number().int().positive().optional(),
});

/** What was understood of an uploaded file. */
export async function previewUpload(upload: Upload, defaults = Defaults.parse({})) {
  const bytes = openUpload(upload.uploadId);
  const preview =
    upload.kind === "evidence"
      ? await previewEvidence(deps(), bytes)
      : await previewImport(bytes, { defaults });
  return { upload, preview };
}

/** Begins to store an upload and answers at once where to look; the work goes on after the answer. */
export async function storeUpload(
  request: z.output<typeof StoreRequest>,
  person: PersonRow,
): Promise<{ importId: number }> {
  const upload = await findUpload(request.uploadId);
  const { kind, fileName } = upload;
  const about = { kind, fileName, format: null, defaults: request.evidence ?? request.defaults };
  // Opened before the answer: whoever looks at it then sees it go on.
  const opened = request.resume === undefined ? undefined : await deps().store.imports.open(request.resume);
  const importId = request.resume ?? (await beginImport(deps(), person.personId, about)).importId;
  after(async () => {
    try {
      const bytes = openUpload(upload.uploadId);
      if (opened) await resumeTrajectories(deps(), importId, bytes, { opened });
      else if (kind === "trajectories")
        await storeTrajectories(deps(), importId, bytes, { defaults: request.defaults });
      else {
        const source = request.evidence ?? { name: fileName, checkpoint: null, alpha: 0 };
        await storeEvidence(deps(), person.personId, importId, bytes, source);
      }
      await forgetUpload(upload.uploadId);
    } catch (error) {
      console.error(`import ${importId} of ${JSON.stringify(fileName)} failed:`, error);
    }
  });
  return { importId };
}
