import { z } from "zod";
import { DEFAULT_LIMITS, type LimitSettings } from "@/lib/core/limit";
import { plural } from "@/components/ui/numbers";
import { emptyPolicy, priceText, type PolicyDraft } from "@/components/policy/policy-draft";

const Prices = z.object({ promptPer1k: z.number(), completionPer1k: z.number() }).nullable().catch(null);

const Config = z.object({
  baseURL: z.string(),
  replicas: z.array(z.string()).catch([]),
  model: z.string(),
  temperature: z.number().catch(0.7),
  maxTokens: z.number().catch(512),
  prices: Prices,
  concurrency: z
    .union([z.number(), z.object({ start: z.number(), min: z.number(), max: z.number() })])
    .catch(DEFAULT_LIMITS),
});

/** The draft of a stored endpoint; its key never comes back. */
export function policyDraftOf(row: { name: string; config: unknown }): PolicyDraft {
  const read = Config.safeParse(row.config);
  if (!read.success) return { ...emptyPolicy, name: row.name };
  const { baseURL, replicas, model, temperature, maxTokens, prices, concurrency } = read.data;
  const numbers = { temperature: String(temperature), maxTokens: String(maxTokens) };
  const priced = prices && {
    promptPrice: priceText(prices.promptPer1k),
    completionPrice: priceText(prices.completionPer1k),
  };
  const served = { baseURL, replicas: replicas.join("\n"), model };
  return { ...emptyPolicy, name: row.name, ...served, ...numbers, ...priced, ...placesOf(concurrency) };
}

function placesOf(concurrency: number | LimitSettings): Partial<PolicyDraft> {
  if (typeof concurrency === "number") return { concurrency: "fixed", fixed: String(concurrency) };
  const { start, min, max } = concurrency;
  return { concurrency: "adaptive", start: String(start), min: String(min), max: String(max) };
}

/** What a policy's tokens cost, by its stored settings; null where they have no price. */
export function pricesOf(config: unknown): z.infer<typeof Prices> {
  return z.object({ prices: Prices }).catch({ prices: null }).parse(config).prices;
}

/** Where an endpoint is and which model acts there, for lists. */
export function endpointWords(config: unknown): string {
  const read = Config.safeParse(config);
  if (!read.success) return "its settings cannot be read";
  const { model, baseURL, replicas } = read.data;
  const further = replicas.length === 0 ? "" : ` and ${plural(replicas.length, "further server")}`;
  return `${model} at ${baseURL}${further}`;
}
