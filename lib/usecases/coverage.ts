import {
  coverageTotals,
  type CoverageCount,
  type CoverageFilter,
  type CoverageSort,
  type CoverageTotals,
  type CoveredSubtask,
  type RunSpent,
  type VetoCount,
} from "@/lib/core/coverage";
import type { Page } from "@/lib/core/rows";
import type { Deps } from "./deps";

const PAGE = 50;
const RUNS = 5;

/** How much of what the expert failed is solved: in all, and by environment and task type. */
export async function coverage({
  store,
}: Pick<Deps, "store">): Promise<{ counts: CoverageCount[]; totals: CoverageTotals }> {
  const counts = await store.coverage.counts();
  return { counts, totals: coverageTotals(counts) };
}

/** A page of the subtasks that the expert failed. */
export function coveredSubtasks(
  { store }: Pick<Deps, "store">,
  filter: CoverageFilter,
  sort: CoverageSort,
  cursor: string | null,
): Promise<Page<CoveredSubtask>> {
  return store.coverage.subtasks(filter, sort, cursor, PAGE);
}

/** How often people veto, and what the newest finished runs paid for what they solved. */
export async function reviewAndCost({
  store,
}: Pick<Deps, "store">): Promise<{ vetoes: VetoCount[]; spent: RunSpent[] }> {
  const [vetoes, spent] = await Promise.all([store.coverage.vetoes(), store.coverage.spent(RUNS)]);
  return { vetoes, spent };
}
