import type { DatasetSource, LeftOut, Recipe } from "./dataset-recipe";

/** What is known of one trajectory in one of two datasets. */
export type Side = {
  recipe: Recipe;
  chosen: boolean;
  sources: DatasetSource[];
  /** Of the state in question. */
  leftOut: LeftOut | null;
  /** It was frozen before its sources were kept. */
  untold: boolean;
};

type Known = Pick<Side, "recipe" | "sources">;

const differ = (a: Known, b: Known, pick: (source: DatasetSource) => unknown): boolean => {
  const of = ({ sources }: Known) => JSON.stringify(sources.map(pick).sort());
  return a.sources.length > 0 && b.sources.length > 0 && of(a) !== of(b);
};
/** Whether other runs judged. */
export const otherRun = (a: Known, b: Known) => differ(a, b, ({ runId }) => runId);
/** Whether another checkpoint was judged. */
export const otherCheckpoint = (a: Known, b: Known) => differ(a, b, ({ checkpoint }) => checkpoint);
/** Whether somebody else’s word counts. */
export const otherPolicy = (a: Known, b: Known) => a.recipe.reviewPolicy !== b.recipe.reviewPolicy;

/** Whether another rule, α or least number decides what the same rollouts come to. */
export const otherRule = (a: Known, b: Known) =>
  !differ(a, b, ({ runId, completed }) => [runId, completed]) &&
  differ(a, b, ({ alpha, minAttempts, ruleVersion }) => [alpha, minAttempts, ruleVersion]);
