import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";

/** How it was written first: what is stored was hashed with this. */
const first = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );

it("writes what it always wrote, byte for byte: hashes that are stored stay", () => {
  const same = (value: unknown) => canonicalJson(value) === first(value);
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), same));
  for (const value of [
    { b: undefined, a: [undefined, 1], "10": 1, "9": 2, "01": 3, "4294967295": 4, "-1": 5, é: 6, "😀": 7 },
    { when: new Date(0), __proto__x: { "2": 1, "1": 2 } },
    JSON.parse('{"__proto__":{"b":1,"a":2},"c":3}'),
    [-0, 1e21, 0.1, "\u2028", null],
  ])
    expect(canonicalJson(value)).toBe(first(value));
});
