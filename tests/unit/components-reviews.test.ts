import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisions } from "@/lib/core/review";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { reviewChips } from "@/app/reviews/chips";
import { parseReviewFilter, printReviewFilter, reviewsHref } from "@/app/reviews/filter";
import { searchRecord } from "@/app/address";
import { seenNameWords } from "@/components/review/review-words";

const read = (query: string) => parseReviewFilter(searchRecord(new URLSearchParams(query)));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const day = fc.integer({ min: 0, max: 40_000 }).map((n) => new Date(n * 86_400_000));
const filter: fc.Arbitrary<ReviewFilter> = fc.record({
  personId: maybe(id),
  decision: maybe(fc.constantFrom(...decisions)),
  verdictSeen: maybe(fc.constantFrom(...seenVerdicts)),
  reason: maybe(fc.constantFrom("lucky", "needed_later", "said = <b>")),
  environmentId: maybe(id),
  runId: maybe(id),
  trajectoryId: maybe(id),
  from: maybe(day),
  until: maybe(day),
  contradicting: fc.boolean(),
  undone: maybe(fc.boolean()),
});

describe("the address of the history of decisions", () => {
  it("reads back what it prints", () => {
    fc.assert(
      fc.property(filter, (asked) => {
        expect(read(printReviewFilter(asked))).toEqual(asked);
      }),
    );
  });

  it("is everything when it says nothing or nonsense", () => {
    expect(printReviewFilter(read(""))).toBe("");
    expect(reviewsHref("/reviews", read(""))).toBe("/reviews");
    expect(
      read("person=0&decision=maybe&seen=good&from=2026-02-31&to=yesterday&undone=1&contradicting=no"),
    ).toEqual(read(""));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))), (params) => {
        parseReviewFilter(params);
      }),
    );
  });

  it("takes the last day whole", () => {
    const { from, until } = read("from=2026-11-20&to=2026-11-20");
    expect([from, until]).toEqual([new Date("2026-11-20T00:00:00Z"), new Date("2026-11-21T00:00:00Z")]);
  });

  it("names every filter once, each with the address that takes only it off", () => {
    const facets = { people: [{ personId: 3, name: "Ada" }], environments: [], runs: [] };
    const asked = read("person=3&seen=dead_end&run=9&to=2026-11-20&contradicting=yes&undone=no");
    const chips = reviewChips("/reviews", asked, facets);
    expect(chips.map(({ name, value }) => `${name} ${value}`)).toEqual([
      "by Ada",
      "verdict seen dead end",
      "run 9",
      "to 2026-11-20",
      "against the miner",
      "now stands",
    ]);
    const off = chips[0]?.without ?? "";
    expect(read(off.split("?")[1] ?? "")).toEqual({ ...asked, personId: null });
  });
});

it("names what the miner said", () => {
  expect(["dead_end", "unsolved", "none"].map(seenNameWords)).toEqual(["dead end", "unsolved state", "none"]);
});
