import { DEFAULT_LIMITS, type LimitSettings } from "@/lib/core/limit";
import type { Prices } from "@/lib/core/ports";
import { limitIn } from "@/components/ui/limit-field";
import { numberIn } from "@/components/ui/number-field";

/** An endpoint as it is typed in. The key is write-only: an empty field leaves the stored one. */
export type PolicyDraft = {
  name: string;
  baseURL: string;
  /** Further servers of the same model, one address per line. */
  replicas: string;
  model: string;
  key: string;
  removeKey: boolean;
  temperature: string;
  maxTokens: string;
  /** Per million tokens; empty where they cost nothing or nobody said. */
  promptPrice: string;
  completionPrice: string;
  /** Calls at once: a fixed number, or bounds within which it follows what the endpoint takes. */
  concurrency: "adaptive" | "fixed";
  fixed: string;
  start: string;
  min: string;
  max: string;
};

const places = { min: 1, max: 1000, step: 1 };
const price = { min: 0, max: 1_000_000, step: 0.01 };

export const ranges = {
  temperature: { min: 0, max: 2, step: 0.05 },
  maxTokens: { min: 1, max: 32_768, step: 1 },
  places,
  price,
} as const;

/** The addresses of further servers, as they are stored. */
export function replicasOf({ replicas }: Pick<PolicyDraft, "replicas">): string[] {
  return replicas
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export const emptyPolicy: PolicyDraft = {
  name: "",
  baseURL: "",
  replicas: "",
  model: "",
  key: "",
  removeKey: false,
  temperature: "0.7",
  maxTokens: "512",
  promptPrice: "",
  completionPrice: "",
  concurrency: "adaptive",
  fixed: "10",
  start: String(DEFAULT_LIMITS.start),
  min: String(DEFAULT_LIMITS.min),
  max: String(DEFAULT_LIMITS.max),
};

/** Prices are typed and shown per million tokens, and stored per thousand. */
const THOUSANDS = 1000;

/** A stored price as it is shown. */
export const priceText = (per1k: number): string => String(Number((per1k * THOUSANDS).toPrecision(12)));

/** Prices as they are stored, null for none; undefined while they are wrong or only one is given. */
export function pricesIn(
  draft: Pick<PolicyDraft, "promptPrice" | "completionPrice">,
): Prices | null | undefined {
  const prompt = limitIn(draft.promptPrice, price);
  const completion = limitIn(draft.completionPrice, price);
  if (prompt === null && completion === null) return null;
  if (typeof prompt !== "number" || typeof completion !== "number") return undefined;
  return { promptPer1k: prompt / THOUSANDS, completionPer1k: completion / THOUSANDS };
}

/** Calls at once as they are stored, or null while a number is wrong. */
export function concurrencyIn(draft: PolicyDraft): number | LimitSettings | null {
  if (draft.concurrency === "fixed") return numberIn(draft.fixed, places);
  const [start, min, max] = [draft.start, draft.min, draft.max].map((text) => numberIn(text, places));
  if (start == null || min == null || max == null || min > start || start > max) return null;
  return { start, min, max };
}
