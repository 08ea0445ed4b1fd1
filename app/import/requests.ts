import { z } from "zod";
import { TrajectoryDraft } from "@/lib/core/trajectory";
import type { ImportRow, Rejection } from "@/lib/core/rows";
import type { ImportDefaults } from "@/lib/core/ports";
import type { previewUpload } from "@/lib/server/imports";
import type { Failed } from "@/components/ui/failure-note";

type Preview = Awaited<ReturnType<typeof previewUpload>>["preview"];
type ImportPreview = Extract<Preview, { drafts: unknown }>;
type EvidencePreview = Extract<Preview, { rollouts: unknown }>;

/** What a route says when it refuses, as an error whose message and fix are for people. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly fix: string | undefined,
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** What is said of a thrown error, whatever it is. */
export function failedOf(error: unknown): Failed {
  if (error instanceof Refused) return { message: error.message, fix: error.fix };
  return { message: "The server’s answer could not be read.", fix: "Reload the page and try again." };
}

const Refusal = z.object({ error: z.object({ message: z.string(), fix: z.string().optional() }) });

const RejectionAnswer: z.ZodType<Rejection> = z.object({
  line: z.number(),
  byteOffset: z.number(),
  reason: z.string(),
  sample: z.string(),
});
const Trajectories: z.ZodType<ImportPreview> = z.object({
  format: z.string().nullable(),
  records: z.number(),
  more: z.boolean(),
  accepted: z.number(),
  solved: z.number(),
  failed: z.number(),
  unknown: z.number(),
  environments: z.array(z.string()),
  drafts: z.array(TrajectoryDraft),
  masks: z.array(z.string()),
  skipped: z.array(z.object({ file: z.string(), why: z.string() })),
  rejections: z.array(RejectionAnswer),
});
const Evidence: z.ZodType<EvidencePreview> = z.object({
  records: z.number(),
  rollouts: z.number(),
  trajectories: z.number(),
  successes: z.number(),
  checkpoints: z.array(z.string()),
  rejections: z.array(RejectionAnswer),
});

const upload = { uploadId: z.string(), fileName: z.string(), bytes: z.number() };
const UnderstoodTrajectories = z
  .object({ upload: z.object({ ...upload, kind: z.literal("trajectories") }), preview: Trajectories })
  .transform((answer) => ({ kind: "trajectories" as const, ...answer }));
const UnderstoodEvidence = z
  .object({ upload: z.object({ ...upload, kind: z.literal("evidence") }), preview: Evidence })
  .transform((answer) => ({ kind: "evidence" as const, ...answer }));
/** A file that arrived, and what was understood of it. */
export const Understood = z.union([UnderstoodTrajectories, UnderstoodEvidence]);
export type Understood = z.infer<typeof Understood>;
export type UnderstoodTrajectories = z.infer<typeof UnderstoodTrajectories>;
export type UnderstoodEvidence = z.infer<typeof UnderstoodEvidence>;

const at = z.coerce.date();
const Row: z.ZodType<ImportRow> = z.object({
  importId: z.number(),
  kind: z.enum(["trajectories", "evidence"]),
  fileName: z.string(),
  format: z.string().nullable(),
  state: z.enum(["storing", "stored", "failed"]),
  records: z.number(),
  stored: z.number(),
  duplicates: z.number(),
  rejected: z.number(),
  error: z.string().nullable(),
  runId: z.number().nullable(),
  createdBy: z.string(),
  createdAt: at,
  finishedAt: at.nullable(),
});
/** An import, how far it is, and a page of its rejected lines. */
export const ImportAnswer = z.object({
  row: Row,
  rejections: z.object({ rows: z.array(RejectionAnswer), next: z.string().nullable() }),
});

const Begun = z.object({ importId: z.number() });

function read<T>(status: number, body: unknown, answer: z.ZodType<T>): T {
  if (status >= 200 && status < 300) return answer.parse(body);
  const refusal = Refusal.safeParse(body);
  if (refusal.success) throw new Refused(refusal.data.error.message, refusal.data.error.fix);
  throw new Refused(`The server answered ${status}.`, "Try again; the server’s log says more.");
}

async function post<T>(path: string, body: unknown, answer: z.ZodType<T>): Promise<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Refused("Gleaner’s server did not answer.", "Check that it is still running, then try again.");
  });
  return read(response.status, await response.json().catch(() => null), answer);
}

/** Reads an uploaded file again, with other words for records that do not say it themselves. */
export async function previewAgain(uploadId: string, defaults: ImportDefaults): Promise<ImportPreview> {
  return (await post("/api/import/preview", { uploadId, defaults }, UnderstoodTrajectories)).preview;
}

export type EvidenceSource = { name: string; checkpoint: string | null; alpha: number };

/** Stores an uploaded file; answers the import to look at. */
export function storeUpload(
  uploadId: string,
  how: { defaults: ImportDefaults } | { evidence: EvidenceSource } | { resume: number },
): Promise<{ importId: number }> {
  return post("/api/import/store", { uploadId, ...how }, Begun);
}

/**
 * Sends a file as it is. `fetch` does not say how far an upload is, so this is XMLHttpRequest.
 * @param onProgress share of the file that was sent, 0..1
 */
export function sendFile(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Understood> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/import?fileName=${encodeURIComponent(file.name || "file")}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      try {
        resolve(read(request.status, request.response, Understood));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () =>
      reject(
        new Refused(
          "The upload broke off; nothing was stored.",
          "Check that Gleaner is running, then send it again.",
        ),
      );
    request.onabort = () => reject(new Refused("The upload was stopped; nothing was stored.", undefined));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
