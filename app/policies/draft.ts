import { z } from "zod";
import { plural } from "@/components/ui/numbers";
import { emptyPolicy, type PolicyDraft } from "@/components/policy/policy-draft";

const Config = z.object({
  baseURL: z.string(),
  replicas: z.array(z.string()).catch([]),
  model: z.string(),
  temperature: z.number().catch(0.7),
  maxTokens: z.number().catch(512),
});

/** The draft of a stored endpoint; its key never comes back. */
export function policyDraftOf(row: { name: string; config: unknown }): PolicyDraft {
  const read = Config.safeParse(row.config);
  if (!read.success) return { ...emptyPolicy, name: row.name };
  const { baseURL, replicas, model, temperature, maxTokens } = read.data;
  const numbers = { temperature: String(temperature), maxTokens: String(maxTokens) };
  return { ...emptyPolicy, name: row.name, baseURL, replicas: replicas.join("\n"), model, ...numbers };
}

/** Where an endpoint is and which model acts there, for lists. */
export function endpointWords(config: unknown): string {
  const read = Config.safeParse(config);
  if (!read.success) return "its settings cannot be read";
  const { model, baseURL, replicas } = read.data;
  const further = replicas.length === 0 ? "" : ` and ${plural(replicas.length, "further server")}`;
  return `${model} at ${baseURL}${further}`;
}
