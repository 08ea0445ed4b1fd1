import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asIs } from "@/lib/core/as-is";
import { Example, storedExample } from "@/lib/core/example";
import { examples } from "../support/examples";

const isExample = asIs(Example);

/** A value and everything inside it. */
function partsOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

/** The same with the part of that number put in place of what is there, or with a member more or less. */
function changed(example: unknown, at: number, to: unknown, how: "put" | "add" | "drop"): unknown {
  const whole: unknown = structuredClone(example);
  const objects = partsOf(whole).filter((part) => typeof part === "object" && part !== null);
  const target = objects[at % objects.length];
  if (typeof target !== "object" || target === null) return whole;
  const key = Object.keys(target)[at % Math.max(1, Object.keys(target).length)] ?? "0";
  if (how === "drop") Reflect.deleteProperty(target, key);
  else Reflect.set(target, how === "add" ? "another" : key, to);
  return JSON.parse(JSON.stringify(whole));
}

const anything = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, "", "user", "eef", [], {}),
  fc.jsonValue(),
);

describe("a quick look at a value", () => {
  it("knows every example there is", () => {
    for (const [name, example] of Object.entries(examples))
      expect([name, isExample(JSON.parse(JSON.stringify(example)))]).toEqual([name, true]);
  });

  it("says yes only to what the schema gives back as it is", () => {
    const count = { yes: 0, no: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(examples)),
        fc.nat(500),
        anything,
        fc.constantFrom("put" as const, "add" as const, "drop" as const),
        (example, at, to, how) => {
          const value = changed(example, at, to, how);
          const isSame = isExample(value);
          count[isSame ? "yes" : "no"] += 1;
          if (isSame) expect(Example.parse(value)).toEqual(value);
        },
      ),
      { numRuns: 3000 },
    );
    expect(count.yes).toBeGreaterThan(50);
    expect(count.no).toBeGreaterThan(50);
  });

  it.each([
    ["a bound", z.number().min(1), 2],
    ["another format", z.int32(), 2],
    ["a length", z.string().min(1), "two"],
    ["a format", z.email(), "a@b.org"],
    ["a change", z.string().trim(), "two"],
    ["a refinement", z.object({ a: z.string() }).refine(() => true), { a: "b" }],
    ["a fallback", z.object({ a: z.string().default("b") }), { a: "c" }],
    ["a kind it does not know", z.union([z.string(), z.number()]), 2],
  ])("leaves %s to the schema", (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(true);
    expect(asIs<unknown>(schema)(value)).toBe(false);
  });

  it("leaves members that the schema drops or refuses to it", () => {
    const [plain, strict] = [z.object({ a: z.string() }), z.strictObject({ a: z.string() })];
    for (const schema of [plain, strict]) {
      expect(asIs(schema)({ a: "b" })).toBe(true);
      expect(asIs(schema)({ a: "b", c: 1 })).toBe(false);
      expect(asIs(schema)(JSON.parse('{"a":"b","__proto__":{}}'))).toBe(false);
      expect(asIs(schema)({})).toBe(false);
      expect(asIs(schema)(["a"])).toBe(false);
    }
    const open = z.object({ a: z.string().optional(), n: z.number() });
    expect(asIs(open)({ n: 1 })).toBe(true);
    expect(asIs(open)({ a: null, n: 1 })).toBe(false);
  });
});

it("an example that was stored with more than it has is read without it", () => {
  const [first] = Object.values(examples);
  const text = JSON.stringify({ ...first, another: 1 });
  expect(storedExample({ text, exampleIndex: 0 }, 1)).toEqual(first);
});
