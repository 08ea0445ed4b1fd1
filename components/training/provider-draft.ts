import type { TrainingKind } from "@/lib/core/training";

/** A provider as it is typed in. The key is write-only: an empty field leaves the stored one. */
export type ProviderDraft = {
  name: string;
  kind: TrainingKind;
  key: string;
  removeKey: boolean;
  baseURL: string;
  /** Of Fireworks. */
  accountId: string;
  hyperparameterStyle: "method" | "top-level";
  learningRate: "multiplier" | "rate";
  servedAt: string;
  format: string;
  /** Empty: the folder is written and nothing is started. */
  command: string;
  /** Empty: whoever serves the checkpoint says so later. */
  endpoint: string;
  model: string;
};

export const emptyProvider: ProviderDraft = {
  name: "",
  kind: "openai",
  key: "",
  removeKey: false,
  baseURL: "",
  accountId: "",
  hyperparameterStyle: "method",
  learningRate: "multiplier",
  servedAt: "",
  format: "openai",
  command: "",
  endpoint: "",
  model: "",
};

/** The settings of a provider as they are stored. */
export function configOf(draft: ProviderDraft): Record<string, unknown> {
  const { hyperparameterStyle, learningRate, format } = draft;
  const given = (text: string) => text.trim() || null;
  if (draft.kind === "openai")
    return {
      baseURL: draft.baseURL.trim(),
      hyperparameterStyle,
      learningRate,
      servedAt: given(draft.servedAt),
    };
  if (draft.kind !== "command")
    return {
      ...(given(draft.baseURL) ? { baseURL: draft.baseURL.trim() } : {}),
      ...(draft.kind === "fireworks" ? { accountId: draft.accountId.trim() } : {}),
      servedAt: given(draft.servedAt),
    };
  const baseURL = given(draft.endpoint);
  const endpoint = baseURL === null ? null : { baseURL, model: given(draft.model) };
  return { format, command: given(draft.command), endpoint };
}
