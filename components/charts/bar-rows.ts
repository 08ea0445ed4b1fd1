import type { Verdict } from "@/lib/core/verdict";

/** One horizontal bar. */
export type BarRow = {
  name: string;
  /** The row's number in words, under its name. */
  detail: string;
  /** For the icon before the name; null where the row is no verdict. */
  verdict: Verdict | null;
  /** Lengths by key of the series; an absent one is not drawn. */
  values: Record<string, number>;
};

/** One part of the bars; `color` is a CSS colour. Undecided is hatched as everywhere else. */
export type BarSeries = { key: string; word: string; color: string };
