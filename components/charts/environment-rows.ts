import type { Overview } from "@/lib/core/rows";
import type { BarRow } from "./bar-rows";

type Environment = Overview["environments"][number];
const SHOWN = 6;

/** The environments with most expert failures as bars; `more` says in words how many are not drawn. */
export function largest(
  environments: Environment[],
  row: (environment: Environment) => Pick<BarRow, "detail" | "values">,
): { rows: BarRow[]; more: string } {
  const sorted = [...environments].sort(
    (a, b) => b.expertFailed - a.expertFailed || a.environment.localeCompare(b.environment),
  );
  const hidden = sorted.length - SHOWN;
  return {
    rows: sorted.slice(0, SHOWN).map((e) => ({ name: e.environment, verdict: null, ...row(e) })),
    more: hidden > 0 ? ` · ${hidden} smaller environments not shown` : "",
  };
}
