import { AppError } from "@/lib/core/errors";

/** Where a page of numbered things begins. @throws AppError invalid_input for a cursor of another list */
export function placeIn(cursor: string | null): number {
  if (cursor === null) return 0;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new AppError("invalid_input", "this place in the list cannot be found", {
    fix: "start again from its first page",
  });
}

/** Where the next page begins; null at the end. */
export function placeAfter(from: number, shown: number, all: number): string | null {
  return shown > 0 && from + shown < all ? String(from + shown) : null;
}
