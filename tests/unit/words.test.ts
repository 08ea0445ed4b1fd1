import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passageOf, saidIn, searchedCharacters, searchProblem, wordsOf } from "@/lib/core/words";

const step = (change: Partial<Parameters<typeof saidIn>[0][number]> = {}) => ({
  action: "click[Buy Now]",
  thought: "the lamp fits",
  observation: "Price: $12.50 | desk/drawer",
  ...change,
});

describe("the words of a text", () => {
  it("are runs of letters and digits in lower case, each once", () => {
    expect(wordsOf("Go to desk/drawer-2, then DESK again: “Größe” 50%_off")).toEqual(
      "go to desk drawer 2 then again größe 50 off".split(" "),
    );
    expect(wordsOf(" \u001b[31m --- '&|!:* ")).toEqual(["31m"]);
    expect(wordsOf("")).toEqual([]);
  });

  it("are cut at 64 characters, never inside one", () => {
    expect(wordsOf("x".repeat(300))).toEqual(["x".repeat(64)]);
    const letters = "𝒳".repeat(100);
    expect(wordsOf(letters)).toEqual(["𝒳".repeat(64)]);
  });

  it("hold nothing that a query or a pattern could read as its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{Alphabetic}\p{N}]+$/u);
      }),
    );
  });
});

describe("what is searched of a trajectory", () => {
  it("is what was done, thought and seen, without what lies beyond the caps", () => {
    expect(saidIn([step(), step({ thought: null, action: "wait" })]).sort()).toEqual(
      "12 50 buy click desk drawer fits lamp now price the wait".split(" ").sort(),
    );
    const long = step({ observation: `${"a ".repeat(searchedCharacters.observation / 2)}hidden` });
    expect(saidIn([long])).not.toContain("hidden");
    const many = Array.from({ length: 3000 }, (_, i) => step({ action: `n${i}` }));
    expect(saidIn(many)).toContain("n1999");
    expect(saidIn(many)).not.toContain("n2000");
    const large = Array.from({ length: 100 }, (_, i) => step({ thought: `t${i} ${"a ".repeat(1900)}` }));
    expect(saidIn(large)).toContain("t1");
    expect(saidIn(large)).not.toContain("t99");
  });
});

describe("a search", () => {
  it("has one to ten words, in 200 characters", () => {
    expect(searchProblem("lamp")).toBeNull();
    expect(searchProblem("one two three four five six seven eight nine ten")).toBeNull();
    expect(searchProblem("a b c d e f g h i j k")?.message).toContain("11 words");
    expect(searchProblem("x".repeat(201))?.message).toContain("201 characters");
    expect(searchProblem("%_&|!'")?.message).toContain("no word");
  });
});

describe("a passage", () => {
  it("says where a word stands, and marks every word looked for near it", () => {
    expect(passageOf(step(), ["lamp", "fits"])).toEqual({
      where: "thought",
      pieces: ["the ", "lamp", " ", "fits", ""],
    });
    expect(passageOf(step(), ["now"])).toEqual({ where: "action", pieces: ["click[Buy ", "Now", "]"] });
    expect(passageOf(step({ thought: null }), ["lamp"])).toBeNull();
    expect(passageOf(step({ thought: "clamps" }), ["lamp"])).toBeNull();
  });

  it("is cut around the word, and its pieces give the cut text", () => {
    const text = `${"before ".repeat(50)}needle${" after".repeat(50)}`;
    const found = passageOf(step({ action: text }), ["needle"]);
    expect(found?.pieces[1]).toBe("needle");
    const shown = found?.pieces.join("") ?? "";
    expect(shown.length).toBeLessThan(140);
    expect(text).toContain(shown.slice(1, -1));
    expect([shown.at(0), shown.at(-1)]).toEqual(["…", "…"]);
  });
});
