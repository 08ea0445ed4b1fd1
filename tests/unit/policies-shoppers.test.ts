import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Observation, Turn } from "@/lib/core/ports";
import type { Step } from "@/lib/core/trajectory";
import { connectPolicy } from "../support/policies";
import { situationOf } from "@/lib/policies/shop-memory";
import { readPage } from "@/lib/policies/shop-page";

const instruction =
  "Find me warm, hand wash wool mittens with thumb hole for winter with color: sky blue, and size: l, and price lower than 20.00 dollars";
const head = `Instruction: [SEP] ${instruction} [SEP] Back to Search`;
const index: Observation = {
  text: `WebShop [SEP] Instruction: [SEP] ${instruction} [SEP] Search`,
  actions: ["search"],
};
const results: Observation = {
  text: `${head} [SEP] Page 1 (Total results: 3) [SEP] Next > [SEP] GLOVE00001 [SEP] Leather gloves [SEP] $8.00 [SEP] MITTEN0001 [SEP] Warm wool mittens with thumb hole [SEP] $12.00 to $18.50 [SEP] MITTEN0002 [SEP] Warm wool mittens [SEP] $1,040.00`,
  actions: ["back to search", "next >", "glove00001", "mitten0001", "mitten0002"],
};
const nav = ["back to search", "< prev", "description", "features", "reviews", "buy now"];
const item: Observation = {
  text: `${head} [SEP] < Prev [SEP] color [SEP] sky blue [SEP] red [SEP] size [SEP] s [SEP] l [SEP] Warm wool mittens with thumb hole [SEP] Price: $12.00 to $18.50 [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Buy Now`,
  actions: [...nav, "sky blue", "red", "s", "l"],
};
const gloves: Observation = {
  text: `${head} [SEP] < Prev [SEP] Leather gloves [SEP] Price: $8.00 [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Buy Now`,
  actions: nav,
};
const features: Observation = {
  text: `${head} [SEP] < Prev [SEP] Made of wool [SEP] Warm`,
  actions: ["back to search", "< prev"],
};

const step = (seen: Observation, action: string): Step => ({
  observation: seen.text,
  thought: null,
  action,
  reward: 0,
  messages: null,
});
const turnAt = (observation: Observation, history: Step[] = [], seed = 1): Turn => ({
  conversation: { driverId: "webshop", instruction, opening: [] },
  history,
  observation,
  seed,
  affinity: "",
  signal: new AbortController().signal,
});

const strong = connectPolicy("shopper-strong", {}, null);
const weak = connectPolicy("shopper-weak", {}, null);
const act = async (turn: Turn, policy = strong) => (await policy.act(turn)).action;

describe("readPage", () => {
  it("reads every kind of page", () => {
    expect(readPage(index)).toEqual({ kind: "index" });
    expect(readPage(results)).toEqual({
      kind: "results",
      page: 1,
      hits: [
        { code: "GLOVE00001", title: "Leather gloves", price: { low: 8, high: 8 } },
        { code: "MITTEN0001", title: "Warm wool mittens with thumb hole", price: { low: 12, high: 18.5 } },
        { code: "MITTEN0002", title: "Warm wool mittens", price: { low: 1040, high: 1040 } },
      ],
    });
    const options = [
      { name: "color", values: ["sky blue", "red"] },
      { name: "size", values: ["s", "l"] },
    ];
    const title = "Warm wool mittens with thumb hole";
    expect(readPage(item)).toEqual({ kind: "item", title, price: { low: 12, high: 18.5 }, options });
    expect(readPage({ ...item, actions: null }, ["color", "size"])).toMatchObject({ title, options });
    expect(readPage(features)).toEqual({ kind: "detail", text: "Made of wool Warm" });
    expect(readPage({ text: "Thank you for shopping with us! [SEP] Your code:", actions: [] })).toEqual({
      kind: "done",
    });
    expect(readPage({ text: "", actions: null })).toEqual({ kind: "unknown" });
  });
});

describe("situationOf", () => {
  it("remembers what was searched, opened, chosen, read and left", () => {
    const history = [
      step(index, "search[Wool Mittens]"),
      step(results, "click[GLOVE00001]"),
      step(gloves, "click[< Prev]"),
      step(results, "click[MITTEN0001]"),
      step(item, "click[red]"),
      step(item, "click[Features]"),
      step(features, "click[< Prev]"),
      step(item, "click[Sky Blue]"),
    ];
    const { searches, looked, left, current } = situationOf(turnAt(item, history));
    expect({ searches, left }).toEqual({ searches: ["wool mittens"], left: 1 });
    expect([...looked.values()].map(({ code, lacking }) => [code, lacking])).toEqual([
      ["glove00001", ["sky blue", "l"]],
      ["mitten0001", []],
    ]);
    expect(current?.looked).toBe(looked.get("mitten0001"));
    expect([...(current?.chosen ?? [])]).toEqual(["red", "sky blue"]);
    expect([...(current?.looked.read ?? [])]).toEqual(["features"]);
    expect(current?.looked.text).toContain("Made of wool");
  });

  it("is not misled by actions that did nothing", () => {
    const history = [step(index, "click[Buy Now]"), step(index, "nonsense"), step(index, "search[x]")];
    expect(situationOf(turnAt(results, history))).toMatchObject({
      searches: ["x"],
      looked: new Map(),
      current: null,
    });
  });
});

describe("the strong shopper", () => {
  /** Its most frequent action over many seeds, and how often it takes it. */
  const usually = async (seen: Observation, history: Step[]) => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 100; seed += 1) {
      const action = await act(turnAt(seen, history, seed));
      counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    const [first] = [...counts].sort((a, b) => b[1] - a[1]);
    expect(first?.[1]).toBeGreaterThanOrEqual(80);
    return first?.[0] ?? "";
  };

  it("goes the straight way: search, best affordable match, read, options, buy", async () => {
    const history: Step[] = [];
    const go = async (seen: Observation) => {
      const action = await usually(seen, history);
      history.push(step(seen, action));
      return action;
    };
    expect(await go(index)).toBe("search[warm hand wash wool mittens thumb hole winter sky blue l]");
    expect(await go(results)).toBe("click[MITTEN0001]");
    expect(await go(item)).toBe("click[Features]");
    expect(await go({ ...features, text: `${features.text} [SEP] Hand wash, for winter` })).toBe(
      "click[< Prev]",
    );
    expect(await go(item)).toBe("click[sky blue]");
    expect(await go(item)).toBe("click[l]");
    expect(await go(item)).toBe("click[Buy Now]");
  });

  it("corrects an option someone else chose wrongly", async () => {
    const before = [step(index, "search[x]"), step(results, "click[MITTEN0001]")];
    expect(await usually(item, [...before, step(item, "click[red]")])).toBe("click[sky blue]");
    const again = [step(item, "click[sky blue]"), step(item, "click[red]"), step(item, "click[l]")];
    expect(await usually(item, [...before, ...again])).toBe("click[sky blue]");
  });

  it("leaves a product without the options, and does not open it again", async () => {
    const wrong = [step(index, "search[x]"), step(results, "click[GLOVE00001]")];
    expect(await usually(gloves, wrong)).toBe("click[< Prev]");
    expect(await usually(results, [...wrong, step(gloves, "click[< Prev]")])).toBe("click[MITTEN0001]");
  });

  it("goes back to the best of three when none is right", async () => {
    const poor = { ...item, text: item.text.replace("Warm wool mittens with thumb hole", "Cap") };
    const read = (seen: Observation) => [step(seen, "click[Features]"), step(features, "click[< Prev]")];
    const history = [
      step(index, "search[x]"),
      ...[step(results, "click[MITTEN0001]"), ...read(item), step(item, "click[< Prev]")],
      ...[step(results, "click[GLOVE00001]"), ...read(gloves), step(gloves, "click[< Prev]")],
      ...[step(results, "click[MITTEN0002]"), ...read(poor)],
    ];
    expect(await usually(poor, history)).toBe("click[< Prev]");
    expect(await usually(results, [...history, step(poor, "click[< Prev]")])).toBe("click[MITTEN0001]");
  });
});

describe("both shoppers", () => {
  it.each([strong, weak])("$checkpoint says why, and does the same for the same seed", async (policy) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const reply = await policy.act(turnAt(results, [step(index, "search[x]")], seed));
      expect(await policy.act(turnAt(results, [step(index, "search[x]")], seed))).toEqual(reply);
      expect(reply.thought?.length).toBeGreaterThan(20);
      expect(reply.action).toMatch(/^click\[.+\]$/);
    }
  });

  it("the weak one varies with the seed, and mostly finishes what was begun well", async () => {
    const begun = [
      step(index, "search[x]"),
      step(results, "click[MITTEN0001]"),
      step(item, "click[sky blue]"),
    ];
    const first = new Set<string>();
    let finished = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      first.add(await act(turnAt(index, [], seed), weak));
      if ((await act(turnAt(item, begun, seed), weak)) === "click[l]") finished += 1;
    }
    expect(first.size).toBeGreaterThan(20);
    expect(finished).toBeGreaterThan(150);
    expect(finished).toBeLessThan(200);
  });

  it("the weak one sometimes leaves a wrong product, not always", async () => {
    const wrong = [step(index, "search[x]"), step(results, "click[GLOVE00001]")];
    const actions = new Set<string>();
    for (let seed = 0; seed < 100; seed += 1) actions.add(await act(turnAt(gloves, wrong, seed), weak));
    expect([...actions].sort()).toEqual(["click[< Prev]", "click[Buy Now]", "click[Features]"]);
  });
});

const shared = "../shared/data";
const absent = !existsSync(shared);
type Recorded = {
  steps: {
    observation: string;
    action?: string;
    available_actions?: { has_search_bar: boolean; clickables: string[] };
  }[];
};
describe.skipIf(absent)(`real pages${absent ? " (skipped: ../shared/data is absent)" : ""}`, () => {
  it.each(["episodes_text.json", "episodes_text_rich.json"])(
    "of %s are read, and every shopper can go on from them",
    async (file) => {
      const episodes: Recorded[] = JSON.parse(readFileSync(`${shared}/webshop-transcripts/${file}`, "utf8"));
      const kinds = new Set<string>();
      for (const { steps } of episodes) {
        const history: Step[] = [];
        for (const { observation, action, available_actions } of steps) {
          const seen = { text: observation, actions: available_actions?.clickables ?? null };
          const page = readPage(seen);
          kinds.add(page.kind);
          const codes = (seen.actions ?? []).filter((name) => /^b[a-z0-9]{9}$/.test(name));
          if (page.kind === "results") expect(page.hits.map((hit) => hit.code.toLowerCase())).toEqual(codes);
          if (page.kind === "item" && seen.actions) {
            const values = page.options.flatMap((option) => option.values);
            expect(values.toSorted()).toEqual(
              seen.actions.slice(seen.actions.indexOf("buy now") + 1).toSorted(),
            );
            expect(page.price).not.toBeNull();
          }
          if (action === undefined || page.kind === "done") continue;
          for (const policy of [strong, weak]) {
            const answer = await act(turnAt(seen, history, history.length), policy);
            const target = /^click\[(.+)\]$/.exec(answer)?.[1]?.toLowerCase();
            if (target === undefined) expect(answer).toMatch(/^search\[.+\]$/);
            else expect(seen.actions).toContain(target);
          }
          history.push(step(seen, action));
        }
      }
      expect(kinds.has("unknown")).toBe(false);
      expect([...kinds]).toEqual(expect.arrayContaining(["index", "results", "item", "done"]));
    },
  );
});
