import { z } from "zod";
import type { TrainingProviderRow } from "@/lib/core/training-store";
import { emptyProvider, type ProviderDraft } from "@/components/training/provider-draft";

const Service = z.object({
  baseURL: z.string(),
  hyperparameterStyle: z.enum(["method", "top-level"]).catch("method"),
  learningRate: z.enum(["multiplier", "rate"]).catch("multiplier"),
  servedAt: z.string().nullable().catch(null),
});

const Own = Service.pick({ baseURL: true, servedAt: true }).extend({ accountId: z.string().catch("") });

const Here = z.object({
  format: z.string(),
  command: z.string().nullable().catch(null),
  endpoint: z
    .object({ baseURL: z.string(), model: z.string().nullable().catch(null) })
    .nullable()
    .catch(null),
});

/** The draft of a stored provider; its key never comes back. */
export function providerDraftOf({ name, kind, config }: TrainingProviderRow): ProviderDraft {
  const draft = { ...emptyProvider, name, kind };
  if (kind === "openai") {
    const read = Service.safeParse(config);
    return read.success ? { ...draft, ...read.data, servedAt: read.data.servedAt ?? "" } : draft;
  }
  if (kind !== "command") {
    const read = Own.safeParse(config);
    return read.success ? { ...draft, ...read.data, servedAt: read.data.servedAt ?? "" } : draft;
  }
  const read = Here.safeParse(config);
  if (!read.success) return draft;
  const { format, command, endpoint } = read.data;
  return {
    ...draft,
    ...{ format, command: command ?? "", endpoint: endpoint?.baseURL ?? "", model: endpoint?.model ?? "" },
  };
}

/** Where and how a provider trains, for lists. */
export function providerWords({ kind, config }: Pick<TrainingProviderRow, "kind" | "config">): string {
  if (kind !== "command") {
    const read = Own.safeParse(config);
    return read.success ? `fine-tuning jobs at ${read.data.baseURL}` : "its settings cannot be read";
  }
  const read = Here.safeParse(config);
  if (!read.success) return "its settings cannot be read";
  const { format, command } = read.data;
  return command === null
    ? `writes a run folder (${format}) and starts nothing`
    : `writes a run folder (${format}) and starts “${command}” in it`;
}
