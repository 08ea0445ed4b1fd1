import type { Draw } from "./random";
import { fitOf, openChoices, type Looked, type Situation } from "./shop-memory";
import type { Hit } from "./shop-page";
import { coverage, missingWords, type Wish } from "./shop-wish";
import type { Decision } from "./built-in";
import { click, search, shopperDriver, titled } from "./shopper";

/** Products looked at before the shopper settles for the best of them. */
const patience = 3;
/** How often it is in a hurry and takes a product without looking for its flaws. */
const haste = 0.1;
/** How much its judgement of a title differs from the truth. */
const noise = 0.15;
/** A product whose title covers less than this of the wish is read about before it is bought. */
const readBelow = 0.9;
/** A product that covers less than this, its features included, is left for another. */
const leaveBelow = 0.9;
/** How much closer a title must be to be worth a place further down the results. */
const rankCost = 0.05;

const list = (words: string[]) => words.join(" and ");

function startSearch({ wish, searches }: Situation): Decision {
  const wished = wish.options.map((option) => option.value);
  const words = searches.length === 0 ? [...wish.keywords, ...wished] : wish.keywords;
  const thought =
    searches.length === 0
      ? `I describe the product with all its wishes, ${list(wished) || "as they are given"}, to get close matches first.`
      : "The first search was too narrow, so I leave the options out this time.";
  return { thought, action: search(words.join(" ")) };
}

const affordable = (hit: Hit, { priceLimit }: Wish) =>
  priceLimit === null || hit.price === null || hit.price.low <= priceLimit;

/** The best of the products looked at, once the shopper has looked at enough of them. */
function favourite({ looked, wish, lastHits }: Situation): Looked | null {
  if (looked.size < patience) return null;
  const within = [...looked.values()].filter(({ code }) =>
    lastHits.some((hit) => hit.code.toLowerCase() === code),
  );
  return within.sort((a, b) => fitOf(b, wish) - fitOf(a, wish))[0] ?? null;
}

function chooseHit(situation: Situation, draw: Draw): Decision {
  const { page, wish, looked, searches } = situation;
  const hits = page.kind === "results" ? page.hits : [];
  const settled = favourite(situation);
  const again = hits.find((hit) => hit.code.toLowerCase() === settled?.code);
  if (again !== undefined) {
    return { thought: `Of those I have seen, ${titled(again.title)} fits best.`, action: click(again.code) };
  }
  const ranked = hits
    .filter((hit) => affordable(hit, wish) && !looked.has(hit.code.toLowerCase()))
    .map((hit, rank) => ({ hit, score: coverage(wish, hit.title) + noise * draw() - rank * rankCost }))
    .sort((a, b) => b.score - a.score);
  const best = ranked[0]?.hit;
  if (best !== undefined) {
    const cost = best.price === null ? "" : ` at $${best.price.low}`;
    const thought = `${titled(best.title)}${cost} is closest to what is asked, so I open it.`;
    return { thought, action: click(best.code) };
  }
  return lookElsewhere(situation, searches.length, hits[0]);
}

function lookElsewhere(situation: Situation, searches: number, first: Hit | undefined): Decision {
  const { page } = situation;
  if (page.kind === "results" && page.page < 3 && first !== undefined) {
    return { thought: "Nothing else here fits, so I look at the next page.", action: click("Next >") };
  }
  if (searches < 2) {
    const thought = "These results do not help; I go back and search differently.";
    return { thought, action: click("Back to Search") };
  }
  if (first === undefined) return startSearch(situation);
  return {
    thought: "Nothing better turned up, so I take another look at this one.",
    action: click(first.code),
  };
}

/** Why the open product should be left; null where it may be bought. */
function objection(situation: Situation, current: Looked): string | null {
  const { wish, looked } = situation;
  const best = favourite(situation);
  if (best !== null && fitOf(best, wish) > fitOf(current, wish)) return "One I saw before fits better";
  if (looked.size >= patience) return null;
  if (current.lacking.length > 0) return `It does not come in ${list(current.lacking)}`;
  if (coverage(wish, current.text) >= leaveBelow) return null;
  return `Not a word about ${list(missingWords(wish, current.text).slice(0, 2))}`;
}

function considerItem(situation: Situation, draw: Draw): Decision {
  const { wish, current } = situation;
  const hurried = draw() < haste;
  if (current !== null && current.chosen.size === 0 && !hurried) {
    const { looked } = current;
    const missing = missingWords(wish, looked.text).slice(0, 2);
    if (
      looked.lacking.length === 0 &&
      coverage(wish, looked.text) < readBelow &&
      !looked.read.has("features")
    ) {
      const thought = `The title does not mention ${list(missing)}, so I read the features.`;
      return { thought, action: click("Features") };
    }
    const reason = objection(situation, looked);
    if (reason !== null) return { thought: `${reason}, so I go back to the list.`, action: click("< Prev") };
  }
  const [next] = openChoices(situation);
  if (next !== undefined) {
    const thought = `The ${next.name} asked for is ${next.value}, and it is offered here.`;
    return { thought, action: click(next.value) };
  }
  return { thought: "Everything I can choose is chosen, so I buy it.", action: click("Buy Now") };
}

function decide(situation: Situation, draw: Draw): Decision {
  const { kind } = situation.page;
  if (kind === "results") return chooseHit(situation, draw);
  if (kind === "item") return considerItem(situation, draw);
  if (kind === "detail")
    return { thought: "I have read enough and go back to the product.", action: click("< Prev") };
  return startSearch(situation);
}

/** Plays the expert of the demo: reads the whole wish, compares, checks options; greedy, so it fails on hard tasks. */
export const shopperStrong = shopperDriver(
  {
    kind: "shopper-strong",
    title: "Built-in shopper, strong",
    description:
      "Fixed rules, no model: searches with every wish, compares titles and prices, checks options, buys.",
    version: 1,
  },
  decide,
);
