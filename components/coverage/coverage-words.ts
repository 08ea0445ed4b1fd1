import type { CoverageState } from "@/lib/core/coverage";

/** What became of a subtask that the expert failed, in words. */
export const coverageWords: Record<CoverageState, string> = {
  remaining: "not solved yet",
  solved: "solved, not approved",
  approved: "solved and approved",
};
