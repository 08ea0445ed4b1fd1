import { emptyCard, type DatasetCard } from "@/lib/core/dataset";
import { doubts, type Doubt, type LeftOut, type Recipe, type Refusal } from "@/lib/core/dataset-recipe";
import { AppError } from "@/lib/core/errors";
import type { Example } from "@/lib/core/example";
import { countJudged, leftOutOf, lostApprovals, type Judged } from "@/lib/core/left-out";

/** An example and what decides whether it is kept where there are too many. */
export type Built = {
  example: Example;
  confirmed: boolean;
  /** As of a `Candidate`. */
  probability: number;
  /** It rests on verdicts of an older checkpoint than its campaign's newest. */
  stale: boolean;
};

/** Refusals kept by name; all are counted. */
const NAMED = 100;
const SAID = 5;

/** What making the examples of a dataset came to: its card, what is out and why, and what is refused. */
export class Account {
  readonly card: DatasetCard;
  readonly refused: { counts: Record<Doubt, number>; named: Refusal[] } = {
    counts: { stale: 0, undecided: 0 },
    named: [],
  };
  private out: LeftOut[] = [];

  /** @param byId whether a person named the trajectories one by one, and did not describe them */
  constructor(
    private readonly recipe: Recipe,
    private readonly byId: boolean,
  ) {
    this.card = emptyCard(recipe.reviewPolicy);
  }

  /** Counts what one trajectory's judgement gives and leaves out; refuses approvals that would be lost. */
  addJudged(trajectoryId: number, judged: Judged): void {
    const leftOut = leftOutOf(trajectoryId, judged);
    countJudged(this.card, judged, leftOut);
    this.out.push(...leftOut);
    const undecided = leftOut.filter(({ reason }) => reason === "undecided");
    const lost = lostApprovals(trajectoryId, judged);
    for (const each of lost) this.refuse(each);
    const vanishes = this.byId && judged.plans.length === 0 && lost.length === 0;
    if (vanishes)
      for (const each of undecided)
        this.refuse({ ...each, doubt: "undecided", approved: [], approvedBy: null });
  }

  /** Leaves out what rests on stale verdicts: refused, unless that is what was asked for. */
  addStale(refusal: Omit<Refusal, "doubt" | "reason" | "reviewer">): void {
    const { trajectoryId, importantState } = refusal;
    this.leaveOut({ trajectoryId, importantState, reason: "stale", reviewer: null });
    this.refuse({ ...refusal, reason: "stale", reviewer: null, doubt: "stale" });
  }

  leaveOut(left: LeftOut): void {
    this.card.leftOut[left.reason] += 1;
    this.out.push(left);
  }

  /** What was left out since this was asked last. */
  take(): LeftOut[] {
    const taken = this.out;
    this.out = [];
    return taken;
  }

  get refusesAny(): boolean {
    return doubts.some((doubt) => this.refused.counts[doubt] > 0);
  }

  /** @throws AppError invalid_input naming what is refused, and what to do */
  demandNothingRefused(): void {
    const [doubt] = doubts.filter((each) => this.refused.counts[each] > 0);
    if (!doubt) return;
    const count = this.refused.counts[doubt];
    const named = this.refused.named.filter((each) => each.doubt === doubt).slice(0, SAID);
    const more = count > named.length ? ` and ${count - named.length} more` : "";
    throw new AppError("invalid_input", `${words[doubt].what}: ${named.map(nameOf).join("; ")}${more}`, {
      fix: words[doubt].fix,
    });
  }

  private refuse(refusal: Refusal): void {
    if (this.recipe.leaveOut.includes(refusal.doubt)) return;
    this.refused.counts[refusal.doubt] += 1;
    if (this.refused.named.length < NAMED) this.refused.named.push(refusal);
  }
}

const words: Record<Doubt, { what: string; fix: string }> = {
  stale: {
    what: "verdicts of an older checkpoint than the campaign’s newest",
    fix: "mine them again with the newest checkpoint, or say on purpose that stale solutions are included or left out",
  },
  undecided: {
    what: "chosen or approved, but undecided",
    fix: "spend more rollouts on them, withdraw the approval, or say on purpose that undecided solutions are included or left out",
  },
};

function nameOf({ trajectoryId, importantState, approved, approvedBy }: Refusal): string {
  const state = importantState === null ? "promoted actions" : `state ${importantState}`;
  const actions = approved.length > 0 ? `action ${approved.join(", ")} ` : "";
  return `trajectory ${trajectoryId}, ${state}${approvedBy ? ` (${actions}approved by ${approvedBy})` : ""}`;
}
