import type { Draw } from "./random";
import type { Decision } from "./built-in";
import { click, search, shopperDriver, titled } from "./shopper";
import { openChoices, type Situation } from "./shop-memory";
import { coverage, missingWords } from "./shop-wish";

/** How often it does the careless thing, each time it could. */
const careless = {
  /** leaves a keyword out of its search */
  dropKeyword: 0.35,
  /** searches without the options asked for */
  leaveOutOptions: 0.45,
  /** does not look at the price */
  ignorePrice: 0.3,
  /** buys before every option is picked */
  forgetOption: 0.1,
  /** keeps a product it sees does not fit */
  keepMisfit: 0.25,
};
/** How often it reads the features of a product before it picks options. */
const curiosity = 0.6;
/** A product it has read about and that covers less than this of the wish is one it sees does not fit. */
const misfitBelow = 0.9;
/** How much its liking of a title differs from the truth. */
const noise = 0.4;
/** How much less it likes each hit than the one above it. */
const rankCost = 0.06;
/** How often it turns back in one episode. */
const turns = 4;

function startSearch({ wish }: Situation, draw: Draw): Decision {
  const kept = wish.keywords.filter(() => draw() >= careless.dropKeyword);
  const options = draw() < careless.leaveOutOptions ? [] : wish.options.map((option) => option.value);
  const words = [...(kept.length === 0 ? wish.keywords.slice(-2) : kept), ...options];
  return {
    thought: `I search for ${words.slice(0, 4).join(" ")} and see what comes up.`,
    action: search(words.join(" ")),
  };
}

function chooseHit(situation: Situation, draw: Draw): Decision {
  const { page, wish, looked } = situation;
  const hits = page.kind === "results" ? page.hits : [];
  const looksAtPrice = wish.priceLimit !== null && draw() >= careless.ignorePrice;
  const liked = hits
    .filter((hit) => !looked.has(hit.code.toLowerCase()))
    .filter((hit) => !looksAtPrice || (hit.price?.low ?? 0) <= (wish.priceLimit ?? Infinity))
    .map((hit, rank) => ({ hit, liking: coverage(wish, hit.title) + noise * draw() - rankCost * rank }))
    .sort((a, b) => b.liking - a.liking)[0];
  if (liked !== undefined) {
    return {
      thought: `${titled(liked.hit.title)} looks right at first sight, so I open it.`,
      action: click(liked.hit.code),
    };
  }
  return { thought: "Nothing here appeals to me, so I start over.", action: click("Back to Search") };
}

/** Why the open product does not fit, as far as it noticed; null where it noticed nothing. */
function flawOf({ wish, current }: Situation): string | null {
  if (current === null) return null;
  const { looked, chosen } = current;
  if (looked.lacking[0] !== undefined && chosen.size === 0) return `It does not come in ${looked.lacking[0]}`;
  if (!looked.read.has("features") || coverage(wish, looked.text) >= misfitBelow) return null;
  return `Its features do not mention ${missingWords(wish, looked.text)[0]}`;
}

function considerItem(situation: Situation, draw: Draw): Decision {
  const { current, left } = situation;
  const flaw = flawOf(situation);
  if (flaw !== null && left < turns && draw() >= careless.keepMisfit) {
    return { thought: `${flaw}, so I go back to the list.`, action: click("< Prev") };
  }
  const untouched = current !== null && current.chosen.size === 0 && current.looked.read.size === 0;
  if (untouched && draw() < curiosity) {
    return { thought: "Before I choose anything, I have a look at its features.", action: click("Features") };
  }
  const [next] = openChoices(situation);
  if (next !== undefined && draw() >= careless.forgetOption) {
    return {
      thought: `They want the ${next.name} ${next.value}, so I pick that.`,
      action: click(next.value),
    };
  }
  return { thought: reasonToBuy(current?.looked.lacking[0], next !== undefined), action: click("Buy Now") };
}

function reasonToBuy(missing: string | undefined, forgetful: boolean): string {
  if (missing !== undefined) return `It does not come in ${missing}, but it is close enough, so I buy it.`;
  return forgetful ? "This looks fine as it is, so I buy it." : "This should be what they want, so I buy it.";
}

function decide(situation: Situation, draw: Draw): Decision {
  const { kind } = situation.page;
  if (kind === "results") return chooseHit(situation, draw);
  if (kind === "item") return considerItem(situation, draw);
  if (kind === "detail") return { thought: "I go back to the product.", action: click("< Prev") };
  return startSearch(situation, draw);
}

/** Plays the agent of the demo: hasty and forgetful, but able to finish what a better shopper began. */
export const shopperWeak = shopperDriver(
  {
    kind: "shopper-weak",
    title: "Built-in shopper, weak",
    description:
      "Seeded chance, no model: short searches, first likings, forgets options and prices now and then.",
    version: 1,
  },
  decide,
);
