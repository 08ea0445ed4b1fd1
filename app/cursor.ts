import type { SearchParams } from "./address";

const LONGEST = 400;

/** Where in a paged list an address points; null is its beginning. */
export function cursorIn(params: SearchParams): string | null {
  const cursor = params.cursor;
  return typeof cursor === "string" && cursor !== "" && cursor.length <= LONGEST ? cursor : null;
}
