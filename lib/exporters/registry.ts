import { AppError } from "@/lib/core/errors";
import type { Exporter } from "@/lib/core/ports";
import { agenttraj } from "./agenttraj";
import { atif } from "./atif";
import { dpoOpenai, dpoTrl } from "./dpo";
import { nemoRl, unsloth } from "./exploded";
import { azure, fireworks, together } from "./hosted";
import { kto } from "./kto";
import { openai } from "./openai";
import { prm } from "./prm";
import { sts } from "./sts";
import { tinker } from "./tinker";
import { verdictsCsv, verdictsParquet } from "./verdict-table";
import { verl } from "./verl";

/** Every target there is, in the order of the picker. */
export const exporters = {
  openai,
  azure,
  together,
  fireworks,
  unsloth,
  tinker,
  verl,
  "nemo-rl": nemoRl,
  agenttraj,
  "dpo-openai": dpoOpenai,
  "dpo-trl": dpoTrl,
  kto,
  prm,
  atif,
  sts,
  "verdicts-csv": verdictsCsv,
  "verdicts-parquet": verdictsParquet,
} as const satisfies Record<string, Exporter>;
export type ExportFormat = keyof typeof exporters;

const isFormat = (format: string): format is ExportFormat => Object.hasOwn(exporters, format);

/** @throws AppError invalid_input naming the known formats */
export function exporterFor(format: string): Exporter {
  if (isFormat(format)) return exporters[format];
  throw new AppError("invalid_input", `there is no export format “${format}”`, {
    fix: `use one of: ${Object.keys(exporters).join(", ")}`,
  });
}
