import { describe, expect, it } from "vitest";
import { applyMix, type Candidate } from "@/lib/core/dataset-mix";
import type { ExampleMark } from "@/lib/core/dataset-store";
import { mergeMarks, type Meeting } from "@/lib/core/merge-marks";
import { splitOf } from "@/lib/usecases/dataset-examples";
import { numbersFrom } from "../support/factories";

const subtasks = Array.from({ length: 4_000 }, (_, i) => ({
  environment: ["house", "shop"][i % 2] ?? "",
  subtaskKey: `task_${i >> 1}`,
}));
const heldOut = (validationShare: number, splitSeed = 0) =>
  new Set(
    subtasks.flatMap((each, i) =>
      splitOf({ validationShare, splitSeed }, each) === "validation" ? [i] : [],
    ),
  );

describe("the split of subtasks", () => {
  it.each([0.05, 0.1, 0.3, 0.5])("holds out about %s of them, always the same", (share) => {
    const held = heldOut(share);
    expect(heldOut(share)).toEqual(held);
    // Five standard deviations of a binomial.
    const spread = 5 * Math.sqrt(subtasks.length * share * (1 - share));
    expect(Math.abs(held.size - share * subtasks.length)).toBeLessThan(spread);
  });

  it("holds out nothing of a share of 0, and with a larger share what a smaller one did and more", () => {
    expect(heldOut(0).size).toBe(0);
    const [few, many] = [heldOut(0.1), heldOut(0.3)];
    expect([...few].filter((each) => !many.has(each))).toEqual([]);
    expect(many.size).toBeGreaterThan(few.size);
  });

  it("is another one with another seed, and tells environments apart", () => {
    expect(heldOut(0.3, 1)).not.toEqual(heldOut(0.3, 0));
    const houses = [...heldOut(0.3)].filter((i) => i % 2 === 0).map((i) => i + 1);
    expect(houses.some((i) => !heldOut(0.3).has(i))).toBe(true);
  });
});

function candidates(count: number, seed: number): Candidate[] {
  const draw = numbersFrom(seed);
  const below = (most: number) => Math.floor(draw() * most);
  return Array.from({ length: count }, () => ({
    subtask: `s${below(12)}`,
    confirmed: draw() < 0.8,
    probability: below(5) / 4,
  }));
}

describe("a cap per subtask", () => {
  it.each([1, 2, 5])("of %s keeps no more, and leaves none out where there is room", (capPerSubtask) => {
    for (let seed = 1; seed < 30; seed += 1) {
      const all = candidates(80, seed);
      const out = applyMix(all, { capPerSubtask });
      expect(applyMix(all, { capPerSubtask })).toEqual(out);
      for (const subtask of new Set(all.map((each) => each.subtask))) {
        const there = all.filter((each) => each.subtask === subtask).length;
        const kept = all.filter((each, i) => each.subtask === subtask && out[i] === null).length;
        expect(kept).toBe(Math.min(there, capPerSubtask));
      }
    }
  });

  it("keeps the confirmed first, then the most probable, then the first", () => {
    const of = (confirmed: boolean, probability: number): Candidate => ({
      ...{ subtask: "s", confirmed, probability },
    });
    const all = [of(false, 1), of(true, 0.6), of(true, 0.9), of(true, 0.9)];
    const kept = (capPerSubtask: number) =>
      applyMix(all, { capPerSubtask }).flatMap((why, i) => (why === null ? [i] : []));
    expect([1, 2, 3, 4].map(kept)).toEqual([[2], [2, 3], [1, 2, 3], [0, 1, 2, 3]]);
  });
});

describe("two datasets side by side", () => {
  const mark = (trajectoryId: number, importantState: number | null, kind: ExampleMark["kind"] = "eef") => ({
    ...{ exampleIndex: 0, split: "train" as const, hash: "h" },
    ...{ trajectoryId, importantState, kind },
  });
  async function* from(marks: ExampleMark[]) {
    yield* marks;
  }

  it("meet by trajectory, state and kind, each once", async () => {
    const a = [mark(1, 0), mark(1, 4), mark(1, null, "promoted"), mark(3, null, "bc")];
    const b = [mark(1, 4), mark(2, 0), mark(3, null, "bc"), mark(3, null, "promoted")];
    const met: string[] = [];
    const name = (at: Meeting) => `${at.a ? "a" : ""}${at.b ? "b" : ""}`;
    for await (const at of mergeMarks(from(a), from(b))) {
      const { trajectoryId, importantState, kind } = at.a ?? at.b ?? mark(0, 0);
      met.push(`${name(at)} ${trajectoryId} ${importantState ?? kind}`);
    }
    expect(met).toEqual(
      ["a 1 0", "ab 1 4", "b 2 0", "a 1 promoted", "ab 3 bc", "b 3 promoted"].sort(byPlace),
    );
  });
});

/** By trajectory, then as written: states before kinds. */
const byPlace = (x: string, y: string) =>
  x.slice(x.indexOf(" ")).localeCompare(y.slice(y.indexOf(" ")), "en");
