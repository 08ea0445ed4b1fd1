import { describe, expect, test } from "vitest";
import { analyze } from "@/lib/environments/webshop/analyzer";
import { SearchIndex, storedLength } from "@/lib/environments/webshop/search-index";
import { stem } from "@/lib/environments/webshop/stemmer";

describe("stem", () => {
  test.each([
    ["caresses", "caress"],
    ["ponies", "poni"],
    ["agreed", "agre"],
    ["feed", "feed"],
    ["plastered", "plaster"],
    ["sing", "sing"],
    ["conflated", "conflat"],
    ["hopping", "hop"],
    ["falling", "fall"],
    ["filing", "file"],
    ["happy", "happi"],
    ["sky", "sky"],
    ["relational", "relat"],
    ["vietnamization", "vietnam"],
    ["hopefulness", "hope"],
    ["electricity", "electr"],
    ["adjustable", "adjust"],
    ["replacement", "replac"],
    ["adoption", "adopt"],
    ["rate", "rate"],
    ["cease", "ceas"],
    ["controlling", "control"],
    ["roll", "roll"],
    ["women", "women"],
    ["ab", "ab"],
  ])("%s becomes %s", (word, stemmed) => expect(stem(word)).toBe(stemmed));

  test("departs from the paper as Lucene does", () => {
    expect(stem("possibly")).toBe("possibl");
    expect(stem("technology")).toBe("technolog");
  });
});

describe("analyze", () => {
  test("drops stop words and possessives, keeps numbers with their points", () => {
    expect(analyze("The Women's boots, 3.5oz and 1,000 of THEM")).toEqual([
      ...["women", "boot", "3.5oz", "1,000", "them"],
    ]);
  });

  test("splits hyphens, keeps colons and underscores inside words", () => {
    expect(analyze("T-Shirt x:y a_b")).toEqual(["t", "shirt", "x:y", "a_b"]);
  });

  test("counts Han by the character and pictographs as words", () => {
    expect(analyze("琥珀 ★ — ♡")).toEqual(["琥", "珀", "★", "♡"]);
  });
});

describe("SearchIndex", () => {
  test("stores lengths as Lucene's byte does", () => {
    expect([0, 23, 24, 39, 40, 41, 100, 200, 1000].map(storedLength)).toEqual([
      ...[0, 23, 24, 39, 40, 40, 96, 200, 984],
    ]);
  });

  test("breaks ties by id, whatever the order of the documents", () => {
    const documents = ["C3", "A1", "B2"].map((id) => ({ id, text: "red wool scarf" }));
    expect(new SearchIndex(documents).search("scarf", 2)).toEqual(["A1", "B2"]);
  });

  test("prefers rare terms, repeated terms and short documents", () => {
    const index = new SearchIndex([
      { id: "long", text: `scarf ${"plain words about nothing ".repeat(20)}` },
      { id: "twice", text: "scarf scarf" },
      { id: "rare", text: "tartan" },
    ]);
    expect(index.search("scarf", 9)).toEqual(["twice", "long"]);
    expect(index.search("scarf tartan", 9)).toEqual(["rare", "twice", "long"]);
    expect(index.search("the of", 9)).toEqual([]);
  });
});
