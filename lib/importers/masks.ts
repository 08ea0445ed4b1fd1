import { isRecord } from "./sharegpt";

const marks: { list: string; key: string; says: (value: unknown) => boolean }[] = [
  { list: "messages", key: "weight", says: (value) => typeof value === "number" },
  { list: "messages", key: "train", says: (value) => typeof value === "boolean" },
  { list: "messages", key: "loss", says: (value) => typeof value === "boolean" },
  { list: "messages", key: "trainable", says: (value) => typeof value === "boolean" },
  { list: "messages", key: "loss_weight", says: (value) => typeof value === "number" },
  { list: "conversations", key: "loss", says: (value) => typeof value === "boolean" },
  { list: "trajectory", key: "mask", says: (value) => typeof value === "boolean" },
  { list: "steps", key: "is_copied_context", says: (value) => value === true },
];

/**
 * The mark by which a record says what to train on, e.g. `weight` of `messages`; null where it says nothing. A mask is
 * what became of an episode in some training set, not what happened in it: it is not imported, and that is said.
 */
export function maskIn(record: unknown): string | null {
  if (!isRecord(record)) return null;
  if (Array.isArray(record.loss_mask)) return "loss_mask";
  if (Array.isArray(record.prompt) && Array.isArray(record.completion)) return "completion";
  for (const { list, key, says } of marks) {
    const entries = record[list];
    if (!Array.isArray(entries)) continue;
    if (entries.some((entry: unknown) => isRecord(entry) && says(entry[key]))) return `${list}.${key}`;
  }
  return null;
}
