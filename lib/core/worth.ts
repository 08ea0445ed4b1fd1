import { planExamples } from "./example-plan";
import { summarise, type EffectiveReviews } from "./review";
import type { Judgement } from "./verdict";

/** Shares of the three reasons to look; they add up to 1. */
const IMPACT = 0.5;
const DOUBT = 0.3;
const DISPUTE = 0.2;
/** What a further solution of a subtask is worth beside its first. */
const FURTHER = 0.25;

/** What is known of one trajectory in one run, to say whether a look at it pays. */
export type Weighed = {
  judgement: Judgement;
  effective: EffectiveReviews;
  /** Actions two strategies disagree on. */
  disputed: number[];
  /** People approved a solution of the same subtask in another trajectory or another run. */
  solvedElsewhere: boolean;
};

/**
 * How much a person's minute matters on a trajectory, 0..1 in thousandths: half for a solution that waits for a decision
 * (a quarter of that where the subtask has an approved one already), three tenths for actions that probably help but were
 * not proved to, the more probable the more (2P − 1 of the highest P that success is likelier after than before), two
 * tenths for actions that strategies disagree on (1 − 2^−n of n). What a person decided on no longer counts; with nothing
 * left to decide it is 0.
 */
export function worthOf(weighed: Weighed): number {
  const worth = IMPACT * impact(weighed) + DOUBT * doubt(weighed) + DISPUTE * dispute(weighed);
  return Math.round(worth * 1000) / 1000;
}

/** Whether people approved a solution: one that is trained under the policy `approved`. */
export function hasApproved({ judgement, effective }: Pick<Weighed, "judgement" | "effective">): boolean {
  return planExamples(judgement, effective, "approved").some(({ kind }) => kind !== "promoted");
}

function impact(weighed: Weighed): number {
  const { toReview, reviewed } = summarise(weighed.effective, weighed.judgement);
  if (toReview === reviewed) return 0;
  return weighed.solvedElsewhere || hasApproved(weighed) ? FURTHER : 1;
}

function doubt({ judgement, effective }: Weighed): number {
  const probable = judgement.segments.flatMap(({ from, to, verdict, proposed, probability }) => {
    const open = effective.steps.slice(from, to).some((step) => step.decision.state === "pending");
    return verdict === "undecided" && proposed === "beneficial" && open ? [2 * (probability ?? 0) - 1] : [];
  });
  return Math.max(0, ...probable);
}

function dispute({ disputed, effective }: Weighed): number {
  const open = new Set(disputed.filter((at) => effective.steps[at]?.decision.state === "pending"));
  return 1 - 2 ** -open.size;
}
