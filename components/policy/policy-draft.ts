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
};

export const ranges = {
  temperature: { min: 0, max: 2, step: 0.05 },
  maxTokens: { min: 1, max: 32_768, step: 1 },
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
};
