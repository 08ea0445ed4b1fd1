import { AppError } from "@/lib/core/errors";
import { paperRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import type { EvidenceDraft, ImportRow, Rejection, RunRow } from "@/lib/core/rows";
import { readEvidence, type EvidenceLine, type EvidenceRecord } from "@/lib/importers/evidence";
import type { Deps } from "./deps";
import { finishing } from "./imports";

const BATCH = 500;

export type EvidencePreview = {
  records: number;
  rollouts: number;
  trajectories: number;
  successes: number;
  checkpoints: string[];
  rejections: Rejection[];
};

/** What a file of evidence would give; nothing is stored. Checks every line, also against the trajectories it names. */
export async function previewEvidence(
  deps: Pick<Deps, "store">,
  stream: AsyncIterable<Uint8Array>,
): Promise<EvidencePreview> {
  const resolver = trajectoryResolver(deps);
  const trajectories = new Set<number>();
  const preview: EvidencePreview = {
    records: 0,
    rollouts: 0,
    trajectories: 0,
    successes: 0,
    checkpoints: [],
    rejections: [],
  };
  for await (const line of readEvidence(stream)) {
    preview.records += 1;
    const read = await resolveLine(line, resolver);
    if (!read.ok) {
      if (preview.rejections.length < 20) preview.rejections.push(read.rejection);
      continue;
    }
    preview.rollouts += 1;
    if (read.draft.end.status === "completed" && read.draft.end.success) preview.successes += 1;
    trajectories.add(read.draft.trajectoryId);
    if (read.checkpoint && !preview.checkpoints.includes(read.checkpoint))
      preview.checkpoints.push(read.checkpoint);
  }
  return { ...preview, trajectories: trajectories.size };
}

/** What the person importing evidence says of it. */
export type EvidenceSource = { name: string; checkpoint: string | null; alpha: number };

/**
 * Stores rollouts made elsewhere as a run of their own. Good lines land, bad ones are kept with line and reason.
 * All rollouts of a file must come from one checkpoint: verdicts belong to it.
 */
export async function storeEvidence(
  deps: Pick<Deps, "store">,
  personId: number,
  importId: number,
  stream: AsyncIterable<Uint8Array>,
  source: EvidenceSource,
): Promise<{ row: ImportRow; run: RunRow | null }> {
  const counts = { records: 0, stored: 0, duplicates: 0, rejected: 0 };
  const resolver = trajectoryResolver(deps);
  let run: RunRow | null = null;
  let drafts: EvidenceDraft[] = [];
  let rejections: Rejection[] = [];
  const flush = async () => {
    if (run && drafts.length > 0) {
      const added = await deps.store.rollouts.addEvidence(run.runId, drafts);
      counts.stored += added.stored;
      counts.duplicates += added.duplicates;
    }
    if (rejections.length > 0) await deps.store.imports.reject(importId, rejections);
    counts.rejected += rejections.length;
    [drafts, rejections] = [[], []];
    await deps.store.imports.update(importId, { ...counts, format: "evidence", runId: run?.runId ?? null });
  };
  const row = await finishing(deps.store, importId, async () => {
    for await (const line of readEvidence(stream)) {
      counts.records += 1;
      const read = await resolveLine(line, resolver);
      const checkpoint = read.ok ? (read.checkpoint ?? source.checkpoint ?? "unnamed") : null;
      if (read.ok && run && checkpoint !== run.checkpoint)
        rejections.push(
          rejectionOf(
            line,
            `it comes from checkpoint “${checkpoint}”, the file's first from “${run.checkpoint}”: import each checkpoint as a file of its own`,
          ),
        );
      else if (read.ok) {
        run ??= await createRun(deps, personId, { ...source, checkpoint: checkpoint ?? "unnamed" });
        drafts.push(read.draft);
      } else rejections.push(read.rejection);
      if (drafts.length + rejections.length >= BATCH) await flush();
    }
    await flush();
    if (counts.records === 0) throw new AppError("invalid_input", "the file holds no records");
    if (run) await deps.store.runs.move(run.runId, ["queued", "running"], "done");
  });
  return { row, run };
}

function createRun(
  deps: Pick<Deps, "store">,
  personId: number,
  source: EvidenceSource & { checkpoint: string },
) {
  return deps.store.runs.create({
    name: source.name,
    origin: "imported",
    policyId: null,
    checkpoint: source.checkpoint,
    config: RunConfig.parse({ preset: "imported" }),
    ...paperRule,
    alpha: source.alpha,
    personId,
  });
}

type Resolver = (reference: string) => Promise<{ trajectoryId: number; stepCount: number }>;

function trajectoryResolver({ store }: Pick<Deps, "store">): Resolver {
  const known = new Map<string, Promise<{ trajectoryId: number; stepCount: number }>>();
  return (reference) => {
    const found = known.get(reference) ?? store.trajectories.resolve(reference);
    known.set(reference, found);
    return found;
  };
}

type Resolved =
  { ok: true; draft: EvidenceDraft; checkpoint: string | null } | { ok: false; rejection: Rejection };

async function resolveLine(line: EvidenceLine, resolve: Resolver): Promise<Resolved> {
  if (!line.ok) return { ok: false, rejection: line };
  const { evidence } = line;
  try {
    const { trajectoryId, stepCount } = await resolve(evidence.trajectory);
    if (evidence.state > stepCount)
      return {
        ok: false,
        rejection: rejectionOf(line, `state ${evidence.state} is outside 0..${stepCount}`),
      };
    const { state: stateIndex, attempt, steps = [], checkpoint = null } = evidence;
    return {
      ok: true,
      draft: { trajectoryId, stateIndex, attempt, end: endOf(evidence), steps },
      checkpoint,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, rejection: rejectionOf(line, error.message) };
  }
}

function endOf(evidence: EvidenceRecord): EvidenceDraft["end"] {
  if (evidence.outcome === "errored")
    return {
      status: "errored",
      code: "imported",
      message: evidence.error ?? "errored where it was made",
      detail: null,
    };
  const success = evidence.outcome === "success";
  return {
    status: "completed",
    success,
    reward: evidence.reward ?? (success ? 1 : 0),
    finalObservation: null,
  };
}

function rejectionOf(line: EvidenceLine, reason: string): Rejection {
  if (!line.ok) return line;
  const { line: number, byteOffset, evidence } = line;
  return { line: number, byteOffset, reason, sample: JSON.stringify(evidence).slice(0, 200) };
}
