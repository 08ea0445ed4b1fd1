import type { LeftOut } from "./dataset-recipe";
import { otherCheckpoint, otherPolicy, otherRule, otherRun, type Side } from "./dataset-sides";
import type { DatasetSplit } from "./dataset-split";
import type { Example } from "./example";

/** What became of an example from one dataset to another. */
export const changes = ["in", "out", "changed"] as const;
export type Change = (typeof changes)[number];

/** Why an example is in one of two datasets only, or is not the same in both. `a` is the earlier one. */
export const differenceReasons = [
  ...(["vetoed", "approved", "unvetoed", "unapproved", "new_evidence", "new_checkpoint"] as const),
  ...([
    "other_run",
    "other_rule",
    "mined_since",
    "other_start",
    "filter",
    "recipe",
    "split",
    "content",
    "unknown",
  ] as const),
] as const;
export type DifferenceReason = (typeof differenceReasons)[number];

export type Why = {
  reason: DifferenceReason;
  /** Whose decision it was; null where it was nobody's. */
  by: string | null;
};

/** What of an example is compared: not its messages, which are many. */
export type Compared = Pick<Example, "kind" | "environment" | "subtaskKey" | "provenance">;

/** A turn that is trained in one of two versions of an example only. */
export type MaskChange = {
  source: "expert" | "agent";
  stepIndex: number;
  trained: boolean;
};

const left: Record<LeftOut["reason"], { out: Why["reason"]; in: Why["reason"] }> = {
  vetoed: { out: "vetoed", in: "unvetoed" },
  notApproved: { out: "unapproved", in: "approved" },
  undecided: { out: "new_evidence", in: "new_evidence" },
  unsolved: { out: "new_evidence", in: "new_evidence" },
  noSteps: { out: "new_evidence", in: "new_evidence" },
  stale: { out: "new_checkpoint", in: "new_checkpoint" },
  kind: { out: "recipe", in: "recipe" },
  capped: { out: "recipe", in: "recipe" },
  otherStart: { out: "other_start", in: "other_start" },
};

/** Why an example of `has` is not in `lacks`; `direction` says which of the two is the later one. */
export function whyMissing(example: Compared, has: Side, lacks: Side, direction: "in" | "out"): Why {
  const nobody = (reason: DifferenceReason): Why => ({ reason, by: null });
  const note = lacks.leftOut;
  if (note) {
    const reason = left[note.reason][direction];
    if (reason === "vetoed") return { reason, by: note.reviewer };
    const by = reason === "approved" ? approverOf(example) : null;
    if (by !== null) return { reason, by };
    if (reason === "approved" || reason === "unapproved")
      return nobody(otherPolicy(has, lacks) ? "recipe" : reason);
    return nobody(reason === "new_evidence" ? otherVerdict(has, lacks) : reason);
  }
  if (!lacks.chosen) return nobody("filter");
  if (example.kind === "bc") return nobody(lacks.recipe.includeSolved ? "unknown" : "recipe");
  if (lacks.untold) return nobody("unknown");
  if (lacks.sources.length === 0) return nobody(direction === "in" ? "mined_since" : "other_run");
  if (example.kind === "promoted")
    return { reason: direction === "in" ? "approved" : "unapproved", by: approverOf(example) };
  const reason = otherVerdict(has, lacks);
  return nobody(reason === "new_evidence" && otherRun(has, lacks) ? "other_run" : reason);
}

/** What an example is in one of two datasets that both have it. */
export type Held = { example: Compared; split: DatasetSplit; side: Pick<Side, "recipe" | "sources"> };

/** Why the same example is not the same in both, and the turns whose mask differs. */
export function whyChanged(
  { example: before, ...a }: Held,
  { example: after, ...b }: Held,
): Why & { mask: MaskChange[] } {
  const then = new Map(before.provenance.turns.map((turn) => [`${turn.source} ${turn.stepIndex}`, turn]));
  const changed = after.provenance.turns.flatMap((turn) => {
    const was = then.get(`${turn.source} ${turn.stepIndex}`);
    return was && was.train !== turn.train ? [{ was, turn }] : [];
  });
  const mask = changed.map(({ turn: { source, stepIndex, train } }) => ({
    source,
    stepIndex,
    trained: train,
  }));
  const [first] = changed;
  const decided = first && first.was.decision !== first.turn.decision ? first : null;
  if (decided) return { ...whyDecided(decided.was, decided.turn), mask };
  const same = (pick: (of: Example["provenance"]) => unknown) =>
    JSON.stringify(pick(before.provenance)) === JSON.stringify(pick(after.provenance));
  const reason = !same((of) => of.checkpoint)
    ? "new_checkpoint"
    : !same((of) => [of.evidence, of.rollout])
      ? "new_evidence"
      : null;
  if (reason) return { reason, by: null, mask };
  const redecided = after.provenance.turns.find((turn) => {
    const was = then.get(`${turn.source} ${turn.stepIndex}`);
    return was && was.decision !== turn.decision;
  });
  const was = redecided && then.get(`${redecided.source} ${redecided.stepIndex}`);
  if (redecided && was) return { ...whyDecided(was, redecided), mask };
  return { reason: whyOtherwise(a, b), by: null, mask };
}

function whyOtherwise(a: Omit<Held, "example">, b: Omit<Held, "example">): DifferenceReason {
  if (otherRule(a.side, b.side)) return "other_rule";
  if (otherPolicy(a.side, b.side)) return "recipe";
  return a.split === b.split ? "content" : "split";
}

type Turn = Example["provenance"]["turns"][number];

function whyDecided(was: Turn, now: Turn): Why {
  if (now.decision === "vetoed") return { reason: "vetoed", by: now.reviewer };
  if (now.decision === "approved" || now.decision === "promoted")
    return { reason: "approved", by: now.reviewer };
  return { reason: was.decision === "vetoed" ? "unvetoed" : "unapproved", by: now.reviewer };
}

const approverOf = ({ provenance }: Compared): string | null =>
  provenance.turns.find(
    ({ train, decision }) => train && (decision === "approved" || decision === "promoted"),
  )?.reviewer ?? null;

function otherVerdict(a: Side, b: Side): DifferenceReason {
  if (otherCheckpoint(a, b)) return "new_checkpoint";
  return otherRule(a, b) ? "other_rule" : "new_evidence";
}
