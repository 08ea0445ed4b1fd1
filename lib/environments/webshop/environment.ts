import { createHash } from "node:crypto";
import { AppError } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver, EnvironmentFact, Episode, StepResult } from "@/lib/core/ports";
import type { Split, Subtask } from "@/lib/core/trajectory";
import { bestRewards } from "./best-reward";
import { buildCatalogue } from "./catalogue";
import { WebshopConfig } from "./config";
import { drawGoals, type GoalBook } from "./goals";
import { PythonRandom } from "./python-random";
import { ShopSession, type Shop } from "./session";
import { readSource } from "./source";

/** Changes with every change of what the shop answers. */
const RULES = "webshop-rules@2";

/** The web shop of princeton-nlp/WebShop by its rules, with the original's data files or a catalogue of our own. */
export const webshop: EnvironmentDriver<WebshopConfig> = {
  driverId: "webshop",
  title: "Web shop: Gleaner's own catalogue or WebShop's data files, WebShop rules",
  description:
    "Buy the one product a customer asks for. The rules are WebShop's; the products are Corner shop, Gleaner's own " +
    "catalogue, unless the configuration names WebShop's data files.",
  normalizer: "runs of white space count as one space",
  needs: null,
  Config: WebshopConfig,
  connect: connectWebshop,
};

/**
 * Loads a catalogue, draws its prices and goals and indexes it; episodes share all of it and change none of it.
 * @throws AppError as `readSource`; invalid_input when a product cannot be read
 */
async function connectWebshop(config: WebshopConfig): Promise<Environment> {
  const source = await readSource(config);
  const catalogue = buildCatalogue(source.items, source.instructions, source.nouns);
  const prices = new PythonRandom(config.priceSeed);
  const limits = config.limitSeed === undefined ? prices : new PythonRandom(config.limitSeed);
  const book = drawGoals(catalogue, source.human, { prices, limits }, source.prices);
  const { observationMode: mode, showAttributes } = config;
  const shop: Shop = { catalogue, ...book, mode, showAttributes, found: new Map() };
  let listed: Subtask[] | null = null;
  return {
    fingerprint: fingerprintOf(shop),
    capabilities: { concurrentEpisodes: 10_000, successThreshold: 1, maxSteps: null },
    facts: factsOf(config, shop),
    caveats: [],
    opening: [],
    subtasks: async () => (listed ??= listSubtasks(book, shop, config.goals)),
    open: async (subtaskKey, signal) => {
      signal?.throwIfAborted();
      return openEpisode(shop, goalIndexOf(subtaskKey, shop));
    },
    normalize: (observation) => observation.replace(/\s+/g, " ").trim(),
    close: async () => {},
  };
}

function listSubtasks(book: GoalBook, shop: Shop, kind: WebshopConfig["goals"]): Subtask[] {
  const best = bestRewards(book, shop.catalogue);
  return book.goals.map((goal, i) => ({
    subtaskKey: `webshop_${i}`,
    instruction: goal.instruction,
    bestReward: best[i] ?? null,
    taskType: goal.product.category,
    split: splitOf(i, kind),
  }));
}

function factsOf(
  { catalogue: from, ...config }: WebshopConfig,
  { catalogue, goals, mode, showAttributes }: Shop,
): EnvironmentFact[] {
  const built = from.kind === "built-in";
  const seeds =
    config.limitSeed === undefined
      ? `${config.priceSeed}`
      : `${config.priceSeed}, limits ${config.limitSeed}`;
  return [
    { name: "catalogue", value: built ? "Corner shop, Gleaner's own" : from.items },
    { name: "products", value: `${catalogue.products.length}` },
    { name: "tasks", value: `${goals.length} ${config.goals}` },
    { name: "prices", value: !built && from.prices !== undefined ? from.prices : `drawn from seed ${seeds}` },
    { name: "pages", value: showAttributes ? `${mode}, attributes shown` : mode },
  ];
}

/** WebShop's own split of its human goals; the synthetic ones have none. */
function splitOf(goalIndex: number, kind: WebshopConfig["goals"]): Split | null {
  if (kind === "synthetic") return null;
  return goalIndex < 500 ? "test" : goalIndex < 1500 ? "dev" : "train";
}

/** Reads `webshop_12` or `12`. */
function goalIndexOf(subtaskKey: string, shop: Shop): number {
  const digits = /^(?:webshop_)?(\d{1,9})$/.exec(subtaskKey)?.[1];
  const index = digits === undefined ? -1 : Number(digits);
  if (index >= 0 && index < shop.goals.length) return index;
  const last = shop.goals.length - 1;
  throw new AppError("not_found", `the shop has no subtask ${JSON.stringify(subtaskKey.slice(0, 80))}`, {
    fix:
      last < 0
        ? "its catalogue has no goals: check the instructions file"
        : `name one of webshop_0 to webshop_${last}`,
  });
}

function openEpisode(shop: Shop, goalIndex: number): Episode {
  const goal = shop.goals[goalIndex];
  if (!goal) throw new AppError("not_found", `the shop has no subtask webshop_${goalIndex}`);
  const session = new ShopSession(shop, goal, goalIndex);
  let over: string | null = null;
  return {
    start: { text: session.observation, actions: session.clickables },
    instruction: null,
    step: async (action): Promise<StepResult> => {
      if (over !== null)
        throw new AppError(
          "invalid_input",
          `this episode of webshop_${goalIndex} ${over}: it takes no more actions`,
          {
            fix: "open a new episode",
          },
        );
      const { reward, done } = session.step(action);
      if (done) over = "ended with a purchase";
      return { text: session.observation, actions: session.clickables, reward, done };
    },
    close: async () => {
      over ??= "was closed";
    },
  };
}

/** Names rules and data: products as searched and judged, prices, limits and mode. */
function fingerprintOf({ catalogue, goals, prices, mode, showAttributes }: Shop): string {
  const pages = `${mode} ${showAttributes}`;
  const hash = createHash("sha256").update(`${RULES}\n${pages}\n${catalogue.index.size}\n`);
  for (const product of catalogue.products) {
    const { nouns, ...rest } = product;
    hash.update(`${JSON.stringify([rest, [...nouns], prices.get(product.asin)])}\n`);
  }
  for (const goal of goals)
    hash.update(
      `${JSON.stringify([goal.product.asin, goal.instruction, goal.attributes, goal.wantedOptions])}\n`,
    );
  return hash.digest("hex");
}
