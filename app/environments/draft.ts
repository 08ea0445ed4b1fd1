import { z } from "zod";
import { emptyDraft, type EnvironmentDraft } from "@/components/environment/environment-draft";

/** Configurations of the web shop that the form has fields for; anything more is shown as JSON. */
const BuiltIn = z.strictObject({ catalogue: z.strictObject({ kind: z.literal("built-in") }).optional() });
const Files = z.strictObject({
  catalogue: z.strictObject({
    kind: z.literal("files"),
    items: z.string(),
    instructions: z.string(),
    prices: z.string().optional(),
    nouns: z.string().optional(),
  }),
});

/** What the web shop stores when nothing is said (lib/environments/webshop/config.ts): leaving it out changes nothing. */
const unsaid: Record<string, unknown> = { observationMode: "text", priceSeed: 0, goals: "synthetic" };

/** The draft of a stored environment. */
export function draftOf(row: { name: string; driver: string | null; config: unknown }): EnvironmentDraft {
  const stored = z.record(z.string(), z.unknown()).catch({}).parse(row.config);
  const said = Object.fromEntries(
    Object.entries(stored).filter(([key, value]) => !(key in unsaid && unsaid[key] === value)),
  );
  const base = { ...emptyDraft(row.driver ?? ""), name: row.name, json: JSON.stringify(stored, null, 2) };
  if (BuiltIn.safeParse(said).success) return base;
  const files = Files.safeParse(said);
  if (!files.success) return { ...base, catalogue: "json" };
  const { items, instructions, prices = "", nouns = "" } = files.data.catalogue;
  return { ...base, catalogue: "files", items, instructions, prices, nouns };
}
