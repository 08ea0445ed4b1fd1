import { describe, expect, test } from "vitest";
import { analyze } from "@/lib/environments/webshop/analyzer";
import { SearchIndex, storedLength } from "@/lib/environments/webshop/search-index";
import { stem } from "@/lib/environments/webshop/stemmer";
import { wordsOf } from "@/lib/environments/webshop/word-breaks";

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

/** Every line agrees with Lucene 8.11's standard tokenizer. */
describe("wordsOf", () => {
  test.each([
    ["a halfwidth voicing mark is no letter", "(\uff9f\u2200\uff9f) ok", "ok"],
    ["marks and joiners stay with what they follow", "e\u0301t\u00ade, x\ufe0fy", "e\u0301t\u00ade x\ufe0fy"],
    ["connectors hold words together and are no word", "__ _a_1_ a__b", "_a_1_ a__b"],
    [
      "letters take points and colons, digits points and commas",
      "a.b:c 1,5;2.0 a,b 1:2",
      "a.b:c 1,5;2.0 a b 1 2",
    ],
    ["Hebrew keeps its quotes", "\u05d0\u05d1' \u05d0\"\u05d1 a'", "\u05d0\u05d1' \u05d0\"\u05d1 a"],
    ["Katakana joins, Hiragana and Han do not", "カタx ひら 漢字", "カタ x ひ ら 漢 字"],
    ["Hangul joins with letters", "한글ab", "한글ab"],
    ["Thai stays whole, apart from letters", "กิกx", "กิก x"],
    ["an emoji is a word, and so is a family of them", "a👩‍🚀❤️‍🔥👍🏽b", "a 👩‍🚀 ❤️‍🔥 👍🏽 b"],
    ["flags and keycaps are words of two", "🇺🇸🇫 #️⃣ 1⃣", "🇺🇸 #️⃣ 1⃣"],
    ["pictographs that Unicode added later were reserved before", "🫦", "🫦"],
    ["letters that Unicode added later are none", "\u1c90x \ua7c2", "x"],
  ])("%s", (_rule, text, expected) => expect(wordsOf(text)).toEqual(expected.split(" ")));

  test("cuts words of more than 255 units, marks and emoji included", () => {
    const lengths = (text: string) => wordsOf(text).map((word) => word.length);
    expect(lengths("a".repeat(255))).toEqual([255]);
    expect(lengths("a".repeat(600))).toEqual([255, 255, 90]);
    expect(lengths(`${"a".repeat(254)}.b`)).toEqual([254, 1]);
    expect(lengths(`${"_".repeat(300)}a`)).toEqual([255]);
    expect(lengths(`${"\u200d".repeat(300)}👍`)).toEqual([255]);
    expect(lengths(`${" ".repeat(254)}#\u20e3 ${"😀".repeat(300)}`)).toHaveLength(301);
  });

  test("reads hostile text in linear time", () => {
    const started = performance.now();
    for (const text of [
      "_".repeat(50_000),
      "👍\u200d".repeat(25_000),
      "\u200d".repeat(50_000),
      "a_".repeat(25_000),
    ])
      wordsOf(text);
    expect(performance.now() - started).toBeLessThan(2_000);
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

  test("ranks as if documents without a word were not there", () => {
    const documents = [
      { id: "once", text: "scarf wool" },
      { id: "twice", text: "hat hat hat cap cap tie tie sock sock" },
    ];
    const blank = Array.from({ length: 40 }, (_, i) => ({ id: `blank${i}`, text: "the - of" }));
    const order = new SearchIndex(documents).search("scarf hat", 9);
    expect(order).toEqual(["twice", "once"]);
    expect(new SearchIndex([...documents, ...blank]).search("scarf hat", 9)).toEqual(order);
  });

  test("takes 1,024 different words and no more", () => {
    const index = new SearchIndex([{ id: "one", text: "w7" }]);
    const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(" ");
    expect(index.search(`${words(1024)} ${words(1024)}`, 9)).toEqual(["one"]);
    expect(index.search(words(1025), 9)).toBeNull();
  });
});
