import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { tokenSetRatio } from "@/lib/environments/webshop/fuzzy";
import { PythonRandom } from "@/lib/environments/webshop/python-random";
import { compareText, dictJson, floatText, strip, textRepr } from "@/lib/environments/python-text";

/** Vectors made with CPython 3.11 and thefuzz 0.19.0 (difflib); texts are ours. */
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(`tests/fixtures/webshop/${name}.json`, "utf8"));
const Draws = z.array(
  z.object({
    seed: z.number(),
    random: z.array(z.number()),
    uniform: z.number(),
    below: z.array(z.number()),
    sample: z.array(z.array(z.number())),
    shuffled: z.array(z.number()),
    later: z.number(),
  }),
);

describe("PythonRandom", () => {
  test.each(Draws.parse(fixture("python-random")))("draws what Python draws from seed $seed", (expected) => {
    const random = new PythonRandom(expected.seed);
    expect(expected.random.map(() => random.random())).toEqual(expected.random);
    expect(random.uniform(3.5, 19.25)).toBe(expected.uniform);
    expect([1, 2, 5, 100, 6910].map((n) => random.below(n))).toEqual(expected.below);
    expect(expected.sample.map(() => random.sample([10, 20, 30, 40], 2))).toEqual(expected.sample);
    const list = Array.from({ length: 20 }, (_, i) => i);
    random.shuffle(list);
    expect(list).toEqual(expected.shuffled);
    for (let i = 0; i < 700; i++) random.random();
    expect(random.random()).toBe(expected.later);
  });
});

describe("tokenSetRatio", () => {
  test("equals thefuzz on every vector", () => {
    const rows = z.array(z.tuple([z.string(), z.string(), z.number()])).parse(fixture("token-set-ratio"));
    expect(rows.length).toBeGreaterThan(400);
    expect(rows.map(([left, right]) => [left, right, tokenSetRatio(left, right)])).toEqual(rows);
  });

  test("is as lenient as the shop's rewards rely on", () => {
    expect(tokenSetRatio("x-large", "xx-large")).toBe(93);
    expect(tokenSetRatio("easy carry", "easy to carry")).toBe(100);
    expect(tokenSetRatio("purple", "('color', 'b-purple')")).toBe(100);
  });
});

describe("Python's spelling", () => {
  test.each([
    [0, "0.0"],
    [35, "35.0"],
    [2 / 3, "0.6666666666666666"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1e-4, "0.0001"],
    [0.00012345, "0.00012345"],
    [1e-5, "1e-05"],
    [1.5e-7, "1.5e-07"],
  ])("float %d is %s", (value, text) => expect(floatText(value)).toBe(text));

  test.each([
    ["green stripe", "'green stripe'"],
    ["it's", '"it\'s"'],
    ['it\'s "x"', "'it\\'s \"x\"'"],
    ["a\\b", "'a\\\\b'"],
    ["line\nbreak", "'line\\nbreak'"],
    ["nbsp\u00a0x", "'nbsp\\xa0x'"],
    ["zero\u200bwidth", "'zero\\u200bwidth'"],
    ["é漢🙂", "'é漢🙂'"],
  ])("repr of %j", (value, text) => expect(textRepr(value)).toBe(text));

  test("dicts are JSON in ASCII", () => {
    const entries = [
      ["size", '28" x 28"'],
      ["colör", "né 🙂"],
      ["b", "\u007f/"],
    ] as const;
    expect(dictJson(entries)).toBe(
      '{"size": "28\\" x 28\\"", "col\\u00f6r": "n\\u00e9 \\ud83d\\ude42", "b": "\\u007f/"}',
    );
  });

  test("strip knows Python's white space and no other", () => {
    expect(["  a ", "\u00a0a\u3000", "\ufeffa\ufeff", "\u001ca\u0085", "\u200ba"].map(strip)).toEqual([
      ...["a", "a", "\ufeffa\ufeff", "a", "\u200ba"],
    ]);
  });

  test("texts are ordered by code point, not by UTF-16 unit", () => {
    expect(["🙂", "\uff01", "a"].sort(compareText)).toEqual(["a", "\uff01", "🙂"]);
  });
});
