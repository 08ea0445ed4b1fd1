import { AppError } from "@/lib/core/errors";
import type { Exporter } from "@/lib/core/ports";
import { agenttraj } from "./agenttraj";
import { openai } from "./openai";

/** Every target there is. */
export const exporters = { openai, agenttraj } as const satisfies Record<string, Exporter>;
export type ExportFormat = keyof typeof exporters;

const isFormat = (format: string): format is ExportFormat => Object.hasOwn(exporters, format);

/** @throws AppError invalid_input naming the known formats */
export function exporterFor(format: string): Exporter {
  if (isFormat(format)) return exporters[format];
  throw new AppError("invalid_input", `there is no export format “${format}”`, {
    fix: `use one of: ${Object.keys(exporters).join(", ")}`,
  });
}
