import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Page } from "@/lib/core/rows";

/** Where a page ended, as opaque text that is safe in an address. */
export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** @throws AppError invalid_input when it is not one that `writeCursor` made for this list */
export function readCursor<T>(Position: z.ZodType<T>, cursor: string): T {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new AppError("invalid_input", "this place in the list cannot be found", {
      fix: "start again from its first page",
      cause,
    });
  }
}

const Id = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Reads a cursor of a list ordered by id; null is its beginning. */
export const readIdCursor = (cursor: string | null): number | null =>
  cursor === null ? null : readCursor(Id, cursor);

/** A page out of rows of which one more than `limit` was asked for. */
export function pageOf<Row>(rows: Row[], limit: number, positionOf: (row: Row) => unknown): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? writeCursor(positionOf(last)) : null };
}
