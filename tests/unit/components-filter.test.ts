import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverageStates } from "@/lib/core/coverage";
import { reviewStates } from "@/lib/core/review";
import { replayStates } from "@/lib/core/run";
import { trajectorySorts } from "@/lib/core/rows";
import { strategyPairs } from "@/lib/core/strategies/disagree";
import { verdicts } from "@/lib/core/verdict";
import { searchRecord } from "@/app/address";
import { parseView, printView, viewHref, type ListView } from "@/app/trajectories/filter";
import { chipsOf } from "@/app/trajectories/chips";

const read = (query: string) => parseView(searchRecord(new URLSearchParams(query)));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const word = fc
  .string({ minLength: 1, maxLength: 30 })
  .map((s) => s.trim())
  .filter((s) => s !== "");
const rate = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const view: fc.Arbitrary<ListView> = fc.record({
  filter: fc.record({
    source: fc.constantFrom("expert", "agent", null),
    success: fc.constantFrom(true, false, null),
    environmentId: maybe(id),
    subtaskId: maybe(id),
    coverage: maybe(fc.constantFrom(...coverageStates)),
    model: maybe(word),
    minReward: maybe(rate),
    maxReward: maybe(rate),
    runId: maybe(id),
    verdict: maybe(fc.constantFrom(...verdicts)),
    review: maybe(fc.constantFrom(...reviewStates, "unmined" as const, "open" as const)),
    replay: maybe(fc.constantFrom(...replayStates)),
    disagreement: maybe(fc.constantFrom(...strategyPairs, "any" as const)),
    text: maybe(word),
    said: maybe(word),
  }),
  sort: fc.constantFrom(...trajectorySorts),
  cursors: fc.array(word, { maxLength: 5 }),
});

describe("the list's address", () => {
  it("is failed expert trajectories, newest first, when it says nothing", () => {
    expect(read("").filter).toMatchObject({ source: "expert", success: false, runId: null, text: null });
    expect(printView(read(""))).toBe("");
    expect(viewHref("/trajectories", read(""))).toBe("/trajectories");
  });

  it("reads back what it prints", () => {
    fc.assert(
      fc.property(view, (asked) => {
        expect(read(printView(asked))).toEqual(asked);
      }),
    );
  });

  it("never throws, and takes nonsense as the default", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))), (params) => {
        parseView(params);
      }),
    );
    const nonsense = read(
      "min=2&max=-1&run=abc&environment=99999999999&verdict=good&sort=random&outcome=maybe",
    );
    expect(nonsense).toEqual(read(""));
    expect(parseView({ min: ["0.5", "0.9"] }).filter.minReward).toBe(0.5);
  });

  it("keeps a bounded trail of pages", () => {
    const cursors = Array.from({ length: 100 }, (_, i) => `c${i}`);
    expect(read(printView({ ...read(""), cursors })).cursors).toEqual(cursors.slice(-40));
  });

  it("names every filter beyond the default, each with the address that takes only it off", () => {
    const facets = { environments: [{ environmentId: 3, name: "webshop" }], models: [], runs: [] };
    const asked = read("environment=3&min=0.5&text=socks&outcome=any&run=9");
    const chips = chipsOf(asked, facets);
    expect(chips.map((chip) => `${chip.name} ${chip.value}`)).toEqual([
      "outcome any",
      "environment webshop",
      "reward ≥ 0.50",
      "run 9",
      "text socks",
    ]);
    const off = chips.find((chip) => chip.name === "text")?.without ?? "";
    expect(read(off.split("?")[1] ?? "").filter).toEqual({ ...asked.filter, text: null });
  });
});
