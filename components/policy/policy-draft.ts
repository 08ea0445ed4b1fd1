/** An endpoint as it is typed in. The key is write-only: an empty field leaves the stored one. */
export type PolicyDraft = {
  name: string;
  baseURL: string;
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

export const emptyPolicy: PolicyDraft = {
  name: "",
  baseURL: "",
  model: "",
  key: "",
  removeKey: false,
  temperature: "0.7",
  maxTokens: "512",
};
