import { cohenKappa, krippendorffAlpha, leastUnits, type Agreement } from "./agreement";
import { minerSide, sideOf, type Side, type Vote } from "./queue";
import type { ReviewTarget } from "./review";
import { wilson, type Tally } from "./statistics";

/** A standing vote of a person who is done with the item. */
export type CountedVote = Pick<Vote, "personId" | "target" | "targetIndex" | "decision" | "verdict"> & {
  trajectoryId: number;
  blind: boolean;
};
/** What is known to be right of one target. */
export type GoldDecision = { target: ReviewTarget; targetIndex: number; side: Side };
export type GoldItem = { trajectoryId: number; decisions: GoldDecision[] };

/** A rate with its 95 % Wilson interval. */
export type Rate = Tally & { low: number; high: number };
/** How often people side with the miner where they see its word, and where it is hidden until they have voted. */
export type Anchoring = {
  blind: Rate;
  seen: Rate;
  /** Seen minus blind, with its 95 % interval; null below `leastUnits` votes of either kind. */
  effect: { value: number; low: number; high: number } | null;
};

/** How well the people of a queue agree: with one another, with the miner, and with what is known. */
export type QueueReport = {
  alpha: Agreement;
  pairs: (Agreement & { personIds: [number, number] })[];
  miner: (Agreement & { personId: number })[];
  /** Of the actions the miner keeps; on solutions nobody votes blindly, as they are the miner's own. */
  anchoring: Anchoring;
  gold: (Rate & { personId: number })[];
};

type Sided = CountedVote & { side: Side };

/** The report over all standing votes of people who are done. A target is one unit, its words are keep and drop. */
export function reportOn(votes: CountedVote[], gold: GoldItem[]): QueueReport {
  const sided = votes.flatMap((vote): Sided[] => {
    const side = sideOf(vote.decision);
    return side === null ? [] : [{ ...vote, side }];
  });
  const people = [...new Set(sided.map((v) => v.personId))].sort((a, b) => a - b);
  const of = new Map(people.map((id) => [id, sidesOf(sided.filter((v) => v.personId === id))]));
  return {
    alpha: krippendorffAlpha([...byUnit(sided).values()].map((unit) => unit.map((v) => v.side))),
    pairs: people.flatMap((one, i) =>
      people.slice(i + 1).map((other) => ({
        personIds: [one, other] as [number, number], // a pair, which `as const` would make read-only
        ...cohenKappa(shared(of.get(one), of.get(other))),
      })),
    ),
    miner: people.map((personId) => ({
      personId,
      ...cohenKappa(withMiner(sided.filter((v) => v.personId === personId))),
    })),
    anchoring: anchoringOf(sided),
    gold: goldOf(of, gold),
  };
}

const unitOf = (v: Pick<CountedVote, "trajectoryId" | "target" | "targetIndex">) =>
  `${v.trajectoryId} ${v.target} ${v.targetIndex}`;

function byUnit(votes: Sided[]): Map<string, Sided[]> {
  const units = new Map<string, Sided[]>();
  for (const vote of votes) {
    const unit = units.get(unitOf(vote));
    if (unit) unit.push(vote);
    else units.set(unitOf(vote), [vote]);
  }
  return units;
}

const sidesOf = (votes: Sided[]) => new Map(votes.map((v) => [unitOf(v), v.side]));

function shared(one: Map<string, Side> = new Map(), other: Map<string, Side> = new Map()): [Side, Side][] {
  return [...one].flatMap(([unit, side]) => {
    const theirs = other.get(unit);
    return theirs === undefined ? [] : [[side, theirs] satisfies [Side, Side]];
  });
}

function withMiner(votes: Sided[]): [Side, Side][] {
  return votes.flatMap(({ side, verdict }) => {
    const its = minerSide(verdict);
    return its === null ? [] : [[side, its] satisfies [Side, Side]];
  });
}

function rateOf(hits: boolean[]): Rate {
  const tally = { attempts: hits.length, successes: hits.filter(Boolean).length };
  const [low, high] = wilson(tally);
  return { ...tally, low, high };
}

function anchoringOf(votes: Sided[]): Anchoring {
  const kept = votes.filter(({ target, verdict }) => target === "step" && minerSide(verdict) === "keep");
  const rate = (blind: boolean) =>
    rateOf(kept.filter((v) => v.blind === blind).map((v) => v.side === "keep"));
  const [blind, seen] = [rate(true), rate(false)];
  const thin = Math.min(blind.attempts, seen.attempts) < leastUnits;
  return { blind, seen, effect: thin ? null : difference(seen, blind) };
}

/** The difference of two rates. Source: R. G. Newcombe 1998, method 10 (from the Wilson intervals of both) */
function difference(one: Rate, other: Rate): NonNullable<Anchoring["effect"]> {
  const [p, q] = [one.successes / one.attempts, other.successes / other.attempts];
  return {
    value: p - q,
    low: p - q - Math.hypot(p - one.low, other.high - q),
    high: p - q + Math.hypot(one.high - p, q - other.low),
  };
}

function goldOf(people: Map<number, Map<string, Side>>, gold: GoldItem[]): QueueReport["gold"] {
  const right = gold.flatMap(({ trajectoryId, decisions }) =>
    decisions.map((decision) => [unitOf({ trajectoryId, ...decision }), decision.side] as const),
  );
  return [...people].flatMap(([personId, said]) => {
    const hits = right.flatMap(([unit, side]) => (said.has(unit) ? [said.get(unit) === side] : []));
    return hits.length === 0 ? [] : [{ personId, ...rateOf(hits) }];
  });
}
