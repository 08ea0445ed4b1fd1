import { z } from "zod";
import { fetchJson } from "../../queries";

const Places = z.object({ previous: z.string().nullable(), next: z.string().nullable() });
const PATIENCE_MS = 10_000;

/** Where the nearest trajectory with something left to review is, or why there is no way there. */
export async function openPlaces(
  path: string,
  side: "previous" | "next",
): Promise<{ href: string | null; said: string | null }> {
  try {
    const href = (await fetchJson(path, Places, AbortSignal.timeout(PATIENCE_MS)))[side];
    const where = side === "next" ? "after" : "before";
    const said = `Nothing is left to review ${where} this one in the list.`;
    return { href, said: href === null ? said : null };
  } catch {
    return { href: null, said: "The next trajectory could not be looked up. Try again." };
  }
}
