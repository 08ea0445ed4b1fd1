import type { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { settled, withMarks } from "./exact-integers";
import { parsedJson } from "./non-numbers";
import type { RawRecord } from "./raw-record";

/** Deepest nesting that is read; deeper records break programs further down. */
export const depthLimit = 64;
/** Longest text in one field, in UTF-8 bytes. */
export const fieldLimit = 1024 * 1024;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8");
const encoder = new TextEncoder();

/** `exact`: integers in it are marked, see `withMarks`. */
export type ParsedRecord = { ok: true; value: unknown; exact: boolean } | { ok: false; reason: string };

/** The start of a record as safe text, for a report. */
function sampleOf(bytes: Uint8Array): string {
  return printable(lenient.decode(bytes.subarray(0, 400)))
    .slice(0, 200)
    .toWellFormed();
}

const printable = (text: string) => text.replace(/[\p{Cc}\p{Cs}]+/gu, " ").trim();

/** Parses one record and refuses what would break later: wrong bytes, deep nesting, huge fields, NUL, lone surrogates. */
export function parseRecord(raw: RawRecord): ParsedRecord {
  const parsed = parseJson(raw);
  const flaw = parsed.ok ? unstorable(parsed.value) : null;
  return flaw === null ? parsed : { ok: false, reason: flaw };
}

/** Parses one record without looking into it: what holds many records is looked at record by record. */
export function parseJson({ bytes, problem, last, header }: RawRecord): ParsedRecord {
  if (problem !== null) return { ok: false, reason: problem };
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return { ok: false, reason: "not valid UTF-8" };
  }
  if (nesting(bytes) > depthLimit) return { ok: false, reason: `nested deeper than ${depthLimit} levels` };
  const marked = withMarks(text);
  if (marked === "ambiguous")
    return { ok: false, reason: "holds U+E0F0 beside integers that are larger than a number can hold" };
  let value: unknown;
  try {
    const read = parsedJson(marked ?? text, header !== undefined);
    value = marked === null ? read : settled(read);
  } catch (error) {
    const detail = error instanceof Error ? printable(error.message).slice(0, 120).toWellFormed() : "";
    const reason = last ? "truncated or not valid JSON, and the file ends here" : "not valid JSON";
    return { ok: false, reason: `${reason}: ${detail}` };
  }
  return { ok: true, value, exact: marked !== null };
}

/** Why a parsed value cannot be stored as it is, with the place in it; null where all is well. */
export const unstorable = (value: unknown): string | null => (isSound(value) ? null : flawIn(value, ""));

/** Whether nothing is wrong: told without writing down the place of each value, which takes longer than looking. */
function isSound(value: unknown): boolean {
  if (typeof value === "string") return flawInText(value, "") === null;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isSound);
  if (typeof value !== "object" || value === null) return true;
  return Object.keys(value).every(isSound) && Object.values(value).every(isSound);
}

function nesting(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

/** The first thing in a parsed value that cannot be stored as it is, with its place; null where all is well. */
function flawIn(value: unknown, path: string): string | null {
  if (typeof value === "string") return flawInText(value, path);
  if (typeof value === "number") return Number.isFinite(value) ? null : `${place(path)}: number out of range`;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const flaw = (Array.isArray(value) ? null : flawInText(key, path)) ?? flawIn(item, at);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawInText(text: string, path: string): string | null {
  if (text.includes("\u0000"))
    return `${place(path)}: holds a NUL character, which no database text can hold`;
  if (!text.isWellFormed()) return `${place(path)}: holds half of a surrogate pair, which is not text`;
  const bytes = text.length * 3 <= fieldLimit ? 0 : encoder.encode(text).length;
  return bytes > fieldLimit ? `${place(path)}: longer than ${fieldLimit} bytes` : null;
}

/** A record that cannot be read, as every reader of ours reports it. */
export function rejection(raw: RawRecord, reason: string) {
  return {
    ok: false,
    line: raw.line,
    byteOffset: raw.byteOffset,
    reason: raw.place === undefined ? reason : `${place(raw.place)}: ${reason}`,
    sample: sampleOf(raw.bytes),
  } as const;
}

const place = (path: string) => (path === "" ? "record" : printable(path).slice(0, 120).toWellFormed());

/**
 * The value in the shape asked for.
 * @throws AppError invalid_input naming the first field that does not fit
 */
export function shaped<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  const where = path.join("").replace(/^\./, "");
  throw new AppError("invalid_input", `${place(where)}: ${issue?.message ?? "does not fit"}`);
}
