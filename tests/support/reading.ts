import type { ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { readRecords } from "@/lib/importers/registry";

/** Reads a file of this text as it is imported. */
export async function readText(text: string, defaults: ImportDefaults): Promise<ImportRecord[]> {
  async function* stream() {
    yield Buffer.from(text);
  }
  const found: ImportRecord[] = [];
  for await (const record of readRecords(stream(), { defaults })) found.push(record);
  return found;
}

/** What was read, which is no refusal. */
export function draftOf(record: ImportRecord | undefined) {
  if (!record?.ok) throw new Error(record?.reason ?? "no record");
  return record.draft;
}
