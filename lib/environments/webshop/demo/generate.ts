import type { RawInstructions, RawItem, RawNouns } from "../catalogue";
import { PythonRandom } from "../python-random";
import { clothing } from "./clothing";
import { daily } from "./daily";
import { home } from "./home";
import type { Kind, Trait } from "./kind";
import { kitchen } from "./kitchen";

const kinds: readonly Kind[] = [...clothing, ...kitchen, ...home, ...daily];
const SEED = 20_250_413;
/** Products a customer may ask for, per kind, and what stands beside each of them. */
const FAMILIES = 5;
const LONERS = 5;

const brands = [
  ...["Alder & Wren", "Bexley", "Copperfield", "Dunmore", "Eastholm", "Farrow Lane", "Gillow", "Hartwick"],
  ...[
    "Inverly",
    "Juniper Row",
    "Kelmscot",
    "Lindqvist",
    "Marlow Mill",
    "Norrbridge",
    "Oakhurst",
    "Penhallow",
  ],
  ...["Quillon", "Rookery", "Saltmarsh", "Thornbury", "Underhill", "Varley", "Westering", "Yarrow"],
];
const closings = [
  "Free repairs in the first two years.",
  "Sent in a box that we take back.",
  "If it does not suit you, bring it to the corner.",
  "One of the things we use ourselves.",
  "Back in stock after a long wait.",
];

/** How much a product says of itself where a search can see it. */
const voices = ["loud", "plain", "silent"] as const;
type Voice = (typeof voices)[number];

export type DemoSource = { items: RawItem[]; instructions: RawInstructions; nouns: RawNouns };

type Draft = {
  kind: Kind;
  brand: string;
  model: string;
  mark: string;
  traits: Trait[];
  options: [name: string, values: string[]][];
  price: number;
  voice: Voice;
  /** What a customer asks of it; null where nobody asks for it. */
  asked: Trait[] | null;
};

/**
 * Corner shop: Gleaner's own catalogue in the shape of the shop's data files, the same every time. Of each of twenty
 * kinds there are twenty-five products; five are asked for, and each of those has three relatives that differ in a
 * property, in an option or in the price alone.
 */
export function demoSource(): DemoSource {
  const random = new PythonRandom(SEED);
  const drafts = kinds.flatMap((kind) => draftKind(kind, random));
  random.shuffle(drafts);
  const source: DemoSource = { items: [], instructions: {}, nouns: {} };
  for (const draft of drafts) {
    const asin = newCode(source, random);
    source.items.push(toItem(asin, draft, random));
    source.nouns[asin] = nounsOf(draft);
    source.instructions[asin] = {
      attributes: draft.traits.map(([, name]) => name),
      ...(draft.asked
        ? {
            instruction: askFor(draft.kind, draft.asked),
            instruction_attributes: draft.asked.map(([, name]) => name),
          }
        : {}),
    };
  }
  return source;
}

function draftKind(kind: Kind, random: PythonRandom): Draft[] {
  const families = Array.from({ length: FAMILIES }, (_, i) =>
    draftFamily(kind, voices[i % voices.length] ?? "plain", random),
  );
  const loners = Array.from({ length: LONERS }, () => ({
    ...draftOne(kind, pick(voices, random), random),
    asked: null,
  }));
  return [...families.flat(), ...loners];
}

/** A product that is asked for, and relatives that nearly fit: one lacks a property, one an option, one costs more. */
function draftFamily(kind: Kind, voice: Voice, random: PythonRandom): Draft[] {
  const wanted = draftOne(kind, voice, random);
  const asked = askedTraits(wanted.traits, random);
  const [missing] = shuffled(asked, random);
  const others = kind.traits.filter((trait) => !wanted.traits.includes(trait));
  const relatives: Draft[] = [
    { ...wanted, mark: "II", traits: [...wanted.traits.filter((t) => t !== missing), ...others.slice(0, 1)] },
    {
      ...wanted,
      mark: "Lite",
      options: wanted.options.map(([name, values]) => [name, otherValues(kind, name, values)]),
    },
    { ...wanted, mark: "Pro", price: wanted.price * 1.4 + 25 },
  ];
  return [
    { ...wanted, asked },
    ...relatives.map((draft) => ({ ...draft, price: draft.price + random.below(6), asked: null })),
  ];
}

function draftOne(kind: Kind, voice: Voice, random: PythonRandom): Draft {
  return {
    kind,
    brand: pick(brands, random),
    model: pick(kind.models, random),
    mark: "",
    traits: shuffled(kind.traits, random).slice(0, 5),
    options: kind.options.map(([name, values]) => [
      name,
      someValues(values, kind.options.length === 1 ? 3 : 2, random),
    ]),
    price: random.uniform(kind.price[0], kind.price[1]),
    voice,
    asked: null,
  };
}

/** Two or three of its properties, the rare places kept: at most two before the noun, one for a purpose. */
function askedTraits(traits: Trait[], random: PythonRandom): Trait[] {
  const drawn = shuffled(traits, random).slice(0, 2 + random.below(2));
  const purposes = drawn.filter(([place]) => place === "for");
  return drawn.filter((trait) => trait[0] !== "for" || trait === purposes[0]);
}

function askFor(kind: Kind, asked: Trait[]): string {
  const named = (place: Trait[0]) =>
    asked
      .filter((trait) => trait[0] === place)
      .map(([, name]) => name)
      .join(", ");
  const what = [named("before"), kind.plural].filter((part) => part !== "").join(" ");
  const details = [named("with") && `with ${named("with")}`, named("for") && `for ${named("for")}`];
  return ["Find me", what, ...details].filter((part) => part !== "").join(" ");
}

function toItem(asin: string, draft: Draft, random: PythonRandom): RawItem {
  const { kind, voice, traits, price } = draft;
  const said = { loud: 2, plain: 1, silent: 0 }[voice];
  const bullets = traits.map(([, name, reason]) => `${capital(name)}: ${reason}.`);
  const [opening = "", second = ""] = shuffled(kind.about, random);
  const mention = voice === "loud" ? ` Also ${traits[2]?.[1] ?? ""}.` : "";
  return {
    asin,
    name: [nameOf(draft), ...traits.slice(0, said).map(([, name]) => titled(name))].join(", "),
    full_description: `${opening}${mention} ${pick(closings, random)}`,
    small_description: voice === "silent" ? [second, ...bullets] : [...bullets, second],
    pricing: random.below(5) === 0 ? `$${cents(price * 0.85)}$${cents(price * 1.15)}` : `$${cents(price)}`,
    product_category: `${kind.path} › ${capital(kind.plural)}`,
    query: kind.plural,
    category: kind.category,
    customization_options: Object.fromEntries(
      draft.options.map(([name, values]) => [name, values.map((value) => ({ value }))]),
    ),
  };
}

function nameOf({ brand, model, mark, kind }: Draft): string {
  return [brand, model, mark, titled(kind.noun)].filter((part) => part !== "").join(" ");
}

function nounsOf({ brand, model, kind }: Draft): string[] {
  const words = `${brand} ${model} ${kind.noun}`.toLowerCase().match(/[a-z]+/g) ?? [];
  return [...new Set(words)].sort();
}

/** Values a relative has instead: none in common where the kind has enough of them, else all but the first. */
function otherValues(kind: Kind, name: string, taken: string[]): string[] {
  const all = kind.options.find(([option]) => option === name)?.[1] ?? [];
  const free = all.filter((value) => !taken.includes(value));
  return free.length > 0 ? free.slice(0, 3) : taken.slice(1);
}

function someValues(values: readonly string[], count: number, random: PythonRandom): string[] {
  const chosen = new Set(shuffled(values, random).slice(0, count));
  return values.filter((value) => chosen.has(value));
}

/** Ten characters as the shop's product codes have, with letters of our own in front. */
function newCode(source: DemoSource, random: PythonRandom): string {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const code = `CS${Array.from({ length: 8 }, () => letters[random.below(letters.length)]).join("")}`;
  return code in source.instructions ? newCode(source, random) : code;
}

function shuffled<T>(list: readonly T[], random: PythonRandom): T[] {
  const copy = [...list];
  random.shuffle(copy);
  return copy;
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], random: PythonRandom): T {
  // the list is one of the word lists above and never empty
  return list[random.below(list.length)] as T;
}

function cents(price: number): string {
  return (Math.floor(price) + 0.99).toFixed(2);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function titled(text: string): string {
  return text.split(" ").map(capital).join(" ");
}
