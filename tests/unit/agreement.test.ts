import { describe, expect, it } from "vitest";
import { cohenKappa, krippendorffAlpha, leastUnits } from "@/lib/core/agreement";

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("Cohen's kappa", () => {
  const grants = [
    ...times(20, ["yes", "yes"] as const),
    ...times(5, ["yes", "no"] as const),
    ...times(10, ["no", "yes"] as const),
    ...times(15, ["no", "no"] as const),
  ];

  it("is 0.4 in the usual example of 50 grants (20, 5, 10, 15)", () => {
    const { value, n } = cohenKappa(grants);
    expect(value).toBeCloseTo(0.4, 12);
    expect(n).toBe(50);
  });

  it("tells apart what has the same share of agreement: 45 15 25 15 is 0.1304, 25 35 5 35 is 0.2593", () => {
    const table = (a: number, b: number, c: number, d: number) =>
      cohenKappa([
        ...times(a, ["y", "y"] as const),
        ...times(b, ["y", "n"] as const),
        ...times(c, ["n", "y"] as const),
        ...times(d, ["n", "n"] as const),
      ]).value;
    expect(table(45, 15, 25, 15)).toBeCloseTo(0.1304, 4);
    expect(table(25, 35, 5, 35)).toBeCloseTo(0.2593, 4);
  });

  it("does not depend on who is named first", () => {
    expect(cohenKappa(grants.map(([a, b]) => [b, a] as const)).value).toBeCloseTo(0.4, 12);
  });

  it("is 1 where all is agreed on, and below 0 where all is disputed", () => {
    const both = [...times(6, ["y", "y"] as const), ...times(6, ["n", "n"] as const)];
    expect(cohenKappa(both).value).toBe(1);
    const crossed = [...times(6, ["y", "n"] as const), ...times(6, ["n", "y"] as const)];
    expect(cohenKappa(crossed).value).toBe(-1);
  });

  it("is undecided for thin data and for one word throughout", () => {
    expect(cohenKappa(times(leastUnits - 1, ["y", "n"] as const))).toEqual({
      value: null,
      n: leastUnits - 1,
    });
    expect(cohenKappa(times(40, ["y", "y"] as const))).toEqual({ value: null, n: 40 });
  });
});

describe("Krippendorff's alpha", () => {
  /** One line per observer, one letter per unit; a dot is missing. */
  const unitsOf = (...lines: string[]) =>
    [...(lines[0] ?? "")].map((_, unit) => lines.map((line) => line[unit] ?? ".").filter((v) => v !== "."));

  it("is .743 in Krippendorff's example of four observers, twelve units and missing values", () => {
    const units = unitsOf("123321412...", "1233224125.3", ".3332342251.", "12332441251.");
    expect(units).toHaveLength(12);
    const { value, n } = krippendorffAlpha(units);
    expect(n).toBe(11);
    expect(value).toBeCloseTo(0.743, 3);
  });

  it("is .691 in the example of three coders and fifteen units", () => {
    const { value, n } = krippendorffAlpha(unitsOf(".....34121133.3", "1.213343.......", "..21344.21133.4"));
    expect(n).toBe(12);
    expect(value).toBeCloseTo(0.691, 3);
  });

  it("is 1 where all is agreed on and below 0 where all is disputed", () => {
    expect(krippendorffAlpha([...times(6, ["y", "y"]), ...times(6, ["n", "n"])]).value).toBe(1);
    expect(krippendorffAlpha(times(12, ["y", "n"])).value).toBeLessThan(0);
  });

  it("is undecided for thin data, for one word throughout, and where nobody judged the same thing", () => {
    expect(krippendorffAlpha(times(leastUnits - 1, ["y", "n"])).value).toBeNull();
    expect(krippendorffAlpha(times(40, ["y", "y", "y"]))).toEqual({ value: null, n: 40 });
    expect(krippendorffAlpha(times(40, ["y"]))).toEqual({ value: null, n: 0 });
  });
});
