import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { AppError } from "@/lib/core/errors";
import { sources } from "@/lib/core/trajectory";
import { previewEvidence, storeEvidence } from "@/lib/usecases/evidence";
import { beginImport, Defaults, previewImport } from "@/lib/usecases/imports";
import { resumeTrajectories, storeTrajectories } from "@/lib/usecases/store-trajectories";
import type { Context } from "./commands";
import { oneOf, rate, readArguments, say } from "./terminal";

/** Opens a file for streaming. @throws AppError invalid_input when it cannot be read */
async function open(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    await access(file, constants.R_OK);
  } catch (cause) {
    throw new AppError("invalid_input", `the file ${file} cannot be read`, {
      fix: "check its path and rights",
      cause,
    });
  }
  return createReadStream(file);
}

/** @throws AppError invalid_input unless it is an import's number, with the one file that goes on with it */
function resumed(text: string, files: string[]): number {
  if (/^[1-9]\d{0,8}$/.test(text) && files.length === 1) return Number(text);
  throw new AppError("invalid_input", "an import goes on with the one file it began with", {
    fix: "gleaner import --resume IMPORT FILE",
  });
}

export async function importFiles({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, {
    environment: { type: "string" },
    source: { type: "string" },
    model: { type: "string" },
    "without-reward": { type: "string" },
    format: { type: "string" },
    preview: { type: "boolean" },
    resume: { type: "string" },
  });
  const resume = values.resume === undefined ? null : resumed(values.resume, positionals);
  if (positionals.length === 0)
    throw new AppError("invalid_input", "no file was named", { fix: "gleaner import FILE…" });
  const defaults = Defaults.parse({
    environment: values.environment,
    source: oneOf("source", values.source, sources),
    model: values.model,
    withoutReward: oneOf("without-reward", values["without-reward"], ["unknown", "solved"]),
  });
  const options = { defaults, ...(values.format === undefined ? {} : { format: values.format }) };
  const results = [];
  for (const file of positionals) {
    const bytes = await open(file);
    if (values.preview) {
      results.push({ file, ...(await previewImport(bytes, options)) });
      continue;
    }
    const about = { kind: "trajectories" as const, fileName: path.basename(file), format: null, defaults };
    const importId = resume ?? (await beginImport(deps, person.personId, about)).importId;
    const row =
      resume === null
        ? await storeTrajectories(deps, importId, bytes, options)
        : await resumeTrajectories(deps, importId, bytes, options);
    const { rows: rejections } = await deps.store.imports.rejections(importId, null, 20);
    results.push({ file, ...row, rejections });
  }
  const lines = results.map((r) =>
    "importId" in r
      ? `${r.file}: ${r.stored} stored, ${r.duplicates} already there, ${r.rejected} rejected (${r.format ?? "no format"})`
      : `${r.file}: ${r.accepted} of ${r.records}${r.more ? "+" : ""} records understood as ${r.format ?? "no format"}; ` +
        `${r.failed} failed, ${r.solved} solved, ${r.unknown} unknown` +
        (r.masks.length > 0 ? `; ${r.masks.join(", ")} (what to train on) is not imported` : "") +
        r.skipped.map(({ file, why }) => `\n  not imported: ${file} (${why})`).join(""),
  );
  const complaints = results.flatMap((r) =>
    r.rejections.map((j) => `  line ${j.line}, byte ${j.byteOffset}: ${j.reason}`),
  );
  say(terminal, results, [...lines, ...complaints].join("\n"));
}

export async function importEvidence({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, {
    name: { type: "string" },
    checkpoint: { type: "string" },
    alpha: { type: "string" },
    preview: { type: "boolean" },
  });
  const [file] = positionals;
  if (file === undefined)
    throw new AppError("invalid_input", "no file was named", { fix: "gleaner evidence FILE" });
  const bytes = await open(file);
  if (values.preview) {
    const preview = await previewEvidence(deps, bytes);
    return say(
      terminal,
      preview,
      `${preview.rollouts} rollouts of ${preview.trajectories} trajectories understood`,
    );
  }
  const source = {
    name: values.name ?? path.basename(file),
    checkpoint: values.checkpoint ?? null,
    alpha: rate("alpha", values.alpha) ?? 0,
  };
  const about = {
    kind: "evidence" as const,
    fileName: path.basename(file),
    format: "evidence",
    defaults: source,
  };
  const { importId } = await beginImport(deps, person.personId, about);
  const { row, run } = await storeEvidence(deps, person.personId, importId, bytes, source);
  const { rows: rejections } = await deps.store.imports.rejections(importId, null, 20);
  const text = `run ${run?.runId ?? "none"}: ${row.stored} rollouts stored, ${row.duplicates} already there, ${row.rejected} rejected`;
  const complaints = rejections.map((j) => `  line ${j.line}: ${j.reason}`);
  say(terminal, { ...row, runId: run?.runId ?? null, rejections }, [text, ...complaints].join("\n"));
}
