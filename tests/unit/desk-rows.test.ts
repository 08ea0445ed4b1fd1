import { describe, expect, it } from "vitest";
import { stepRowsOf, stretchesOf } from "@/lib/core/step-rows";
import { splitAtFound } from "@/components/trajectory/visible-text";
import { foldsOf } from "@/components/trajectory/unchanged";

describe("an observation after another", () => {
  const folds = (now: string, before: string) =>
    foldsOf(now.split(" "), before.split(" ")).map(({ same, parts }) =>
      same ? parts.length : parts.join(" "),
    );
  it("folds three or more parts in a row that were there before, wherever", () => {
    expect(folds("a b c new d", "c b a d")).toEqual([3, "new d"]);
    expect(folds("a b new c d", "a b c d")).toEqual(["a b new c d"]);
    expect(folds("new a b c", "x a b c")).toEqual(["new", 3]);
  });
  it("shows all of the first, and of one that nothing was like", () => {
    expect(folds("a b c", "")).toEqual(["a b c"]);
  });
  it("loses no part", () => {
    const parts = "a b c d a b x y a b c d".split(" ");
    expect(foldsOf(parts, ["a", "b", "c"]).flatMap((s) => s.parts)).toEqual(parts);
  });
});

describe("finding", () => {
  it("cuts around every place, whatever its case, and loses nothing", () => {
    expect(splitAtFound("Lamp, a LAMP", "lamp")).toEqual(["", "Lamp", ", a ", "LAMP", ""]);
    expect(splitAtFound("none here", "lamp")).toEqual(["none here"]);
    expect(splitAtFound("İ lamp", "lamp").join("")).toBe("İ lamp");
  });
});

describe("the steps of a page", () => {
  const trajectory = { stepCount: 5 };
  const none = { hidden: false, segments: [], decisions: [], trained: { approved: [], not_vetoed: [] } };
  it("say nothing where nothing is known", () => {
    const steps = stepRowsOf({ trajectory, ...none });
    expect(steps.map((s) => [s.stepIndex, s.verdict, s.decision.state])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [i, null, "pending"]),
    );
  });
  it("are trained within the stretches of their policy, and only there", () => {
    const trained = {
      approved: [{ from: 1, to: 3 }],
      not_vetoed: [
        { from: 0, to: 1 },
        { from: 4, to: 5 },
      ],
    };
    const steps = stepRowsOf({ trajectory, ...none, trained });
    expect(steps.map((s) => Number(s.trained.approved)).join("")).toBe("01100");
    expect(steps.map((s) => Number(s.trained.not_vetoed)).join("")).toBe("10001");
  });
  it("as stretches are the same steps, whatever their order", () => {
    expect(stretchesOf([4, 1, 2, 2, 7])).toEqual([
      { from: 1, to: 3 },
      { from: 4, to: 5 },
      { from: 7, to: 8 },
    ]);
  });
});
