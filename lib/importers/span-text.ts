import { z } from "zod";
import { withMarks, withoutMarks } from "./exact-integers";

/** One span of a trace, however it was exported. `start` orders the spans of a trace. */
export const Span = z.object({
  traceId: z.string(),
  name: z.string(),
  start: z.string(),
  attributes: z.record(z.string(), z.unknown()),
});
export type Span = z.infer<typeof Span>;

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The first of some values that is a text or a number, as text; empty where none is. */
export const textOf = (...values: unknown[]): string => {
  const found = values.find((value) => typeof value === "string" || typeof value === "number");
  return found === undefined ? "" : String(found);
};

const moment = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** A time in nanoseconds, so that times sort as text however they were written: as nanoseconds, or as a date. */
export function startOf(...values: unknown[]): string {
  const text = textOf(...values);
  const [, day, time, fraction, zone] = moment.exec(text) ?? [];
  const seconds = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone ?? "Z"}`) / 1000;
  return (Number.isNaN(seconds) ? text : `${seconds}${(fraction ?? "").padEnd(9, "0")}`).padStart(24, "0");
}

/** Attributes may hold JSON as text. Integers in it that a number cannot hold are marked, see `withMarks`. */
export function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  const marked = withMarks(value);
  try {
    return JSON.parse(marked === null || marked === "ambiguous" ? value : marked);
  } catch {
    return value;
  }
}

/** Any value as the text a chat would show. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const json = withoutMarks(JSON.stringify(value));
  return typeof value === "string" && json.startsWith('"') ? value : json;
}
