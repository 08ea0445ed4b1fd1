/**
 * An expert and an agent for WebShop between whom success begins often along the expert's failures: the expert searches
 * well and slips late, the agent searches badly and is fair from a good product page on. Both are made up, by general
 * rules: like the built-in shoppers they see the instruction and the pages, never the goal.
 */
import type { Policy, Turn } from "@/lib/core/ports";
import { seedOf } from "@/lib/core/plan";
import { drawFrom, type Draw } from "@/lib/policies/random";
import { openChoices, situationOf, type Situation } from "@/lib/policies/shop-memory";
import { instructionOn, readPage, type Hit, type ShopOption } from "@/lib/policies/shop-page";
import { coverage, readWish } from "@/lib/policies/shop-wish";
import { click, search } from "@/lib/policies/shopper";
import { connectPolicy } from "./policies";

/** How often the expert slips, each time it could. */
const slips = { wrongValue: 0.15, buyEarly: 0.15, wanderOff: 0.1 };

const saying = (thought: string, action: string) => ({
  thought,
  action,
  message: { role: "assistant" as const, content: `Thought: ${thought}\nAction: ${action}` },
  usage: null,
});

/** Any other value than the one wished for. */
function wrongValue(
  { page }: Situation,
  wished: { name: string; value: string },
  draw: Draw,
): string | undefined {
  const options = page.kind === "item" ? page.options : [];
  const values = options.find(({ name }) => name === wished.name)?.values ?? [];
  const wrong = values.filter((value) => value !== wished.value);
  return wrong[Math.floor(draw() * wrong.length)];
}

/** What the expert does on a product's page where it slips, or has slipped and does not notice; null: as the strong shopper. */
function slip(situation: Situation, turn: Turn) {
  const { page, current, searches } = situation;
  if (page.kind !== "item" || current === null) return null;
  const draw = drawFrom(seedOf(turn.seed, "slip", { stateIndex: 0, attempt: 0 }, turn.history.length));
  const isPicked = (name: string) =>
    page.options.some((option) => option.name === name && option.values.some((v) => current.chosen.has(v)));
  const open = openChoices(situation);
  const [next] = open.filter(({ name }) => !isPicked(name));
  const unnoticed = open.some(({ name }) => isPicked(name));
  const [chance, wandering] = [draw(), draw()];
  if (next && chance < slips.wrongValue) {
    const value = wrongValue(situation, next, draw);
    if (value !== undefined) return saying(`The ${next.name} should be ${value}.`, click(value));
  }
  if (next && chance > 1 - slips.buyEarly) return saying("This is it, so I buy it.", click("Buy Now"));
  if (searches.length === 1 && wandering < slips.wanderOff)
    return saying("There may be better ones, so I search again.", click("Back to Search"));
  if (!unnoticed) return null;
  return next
    ? saying(`The ${next.name} is ${next.value}.`, click(next.value))
    : saying("Everything is picked, so I buy it.", click("Buy Now"));
}

/** The strong shopper with late slips. */
export function slippingExpert(): Policy {
  const strong = connectPolicy("shopper-strong", {}, null);
  return {
    checkpoint: "slipping-expert@1",
    promptVersion: "none",
    act: async (turn) => slip(situationOf(turn), turn) ?? strong.act(turn),
  };
}

/** What the agent does, each time it could. */
const agentHabits = {
  /** opens any hit instead of the one it likes */
  anyHit: 0.3,
  /** how much its liking of a title differs from the truth */
  noise: 0.3,
  /** leaves a product that does not come as wished, or whose title says little of the wish */
  leave: 0.5,
  /** buys before every option is picked */
  forget: 0.15,
};

/** Half a million rollouts see the same few texts: each is read once. */
const remembered = <T>(read: (text: string) => T) => {
  const known = new Map<string, T>();
  return (text: string): T => {
    const value = known.get(text) ?? read(text);
    known.set(text, value);
    return value;
  };
};
const wishOf = remembered(readWish);
const pageOf = remembered((text: string) => {
  const names = wishOf(instructionOn(text) ?? "").options.map(({ name }) => name);
  return readPage({ text, actions: null }, names);
});
const likingOf = remembered((instruction: string) =>
  remembered((title) => coverage(wishOf(instruction), title)),
);

/** One property of what is wanted, without the kind of product. */
function lookFor(instruction: string, draw: Draw) {
  const { keywords, words } = wishOf(instruction);
  const properties = keywords.filter((word) => (words.get(word) ?? 1) < 2);
  const known = properties.length > 0 ? properties : keywords;
  return saying("I search for that.", search(known[Math.floor(draw() * known.length)] ?? "product"));
}

function openHit(hits: Hit[], instruction: string, draw: Draw) {
  const liking = draw() < agentHabits.anyHit ? () => 0 : likingOf(instruction);
  const liked = hits.map((hit) => ({ hit, likes: liking(hit.title) + agentHabits.noise * draw() }));
  const [best] = liked.sort((a, b) => b.likes - a.likes);
  return best
    ? saying("I look at this one.", click(best.hit.code))
    : saying("Nothing here.", click("Back to Search"));
}

function consider(options: ShopOption[], liking: number, turn: Turn, draw: Draw) {
  const wished = wishOf(turn.conversation.instruction).options;
  const valuesOf = (name: string) => options.find((option) => option.name === name)?.values ?? [];
  const from = turn.history.findLastIndex(({ observation }) => pageOf(observation).kind === "results");
  const clicks = turn.history
    .slice(from + 1)
    .map(({ action }) => action.slice("click[".length, -1).toLowerCase());
  const open = wished.filter(({ name, value }) => {
    const values = valuesOf(name);
    return values.includes(value) && clicks.findLast((each) => values.includes(each)) !== value;
  });
  const misfit = liking < 0.2 || wished.some(({ name, value }) => !valuesOf(name).includes(value));
  if (misfit && draw() < agentHabits.leave) return saying("This does not fit.", click("< Prev"));
  const [next] = open;
  return next && draw() >= agentHabits.forget
    ? saying(`I pick ${next.value}.`, click(next.value))
    : saying("I buy it.", click("Buy Now"));
}

/** A shopper of poor searches and likings, which never pages, but picks the options of a product mostly well. */
export function lostAgent(): Policy {
  return {
    checkpoint: "lost-agent@1",
    promptVersion: "none",
    act: async (turn) => {
      const { instruction } = turn.conversation;
      const page = pageOf(turn.observation.text);
      const draw = drawFrom(turn.seed);
      if (page.kind === "index") return lookFor(instruction, draw);
      if (page.kind === "results") return openHit(page.hits, instruction, draw);
      if (page.kind === "item") return consider(page.options, likingOf(instruction)(page.title), turn, draw);
      return saying("I go back.", click("< Prev"));
    },
  };
}
