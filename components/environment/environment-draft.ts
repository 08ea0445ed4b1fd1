/** An environment as it is typed in. `json` is used where the form has no fields for the driver's configuration. */
export type EnvironmentDraft = {
  name: string;
  /** Empty: no driver. */
  driver: string;
  catalogue: "built-in" | "files" | "json";
  items: string;
  instructions: string;
  prices: string;
  nouns: string;
  json: string;
};

export const paths = ["items", "instructions", "prices", "nouns"] as const;

export function emptyDraft(driver: string): EnvironmentDraft {
  const none = { items: "", instructions: "", prices: "", nouns: "" };
  return { name: "", driver, catalogue: "built-in", ...none, json: "{}" };
}

type Read = { ok: true; config: Record<string, unknown> } | { ok: false; reason: string };

/** The driver's configuration that a draft asks for, or why it cannot be read. */
export function configOf(draft: EnvironmentDraft): Read {
  if (draft.driver === "") return { ok: true, config: {} };
  if (draft.catalogue === "built-in") return { ok: true, config: { catalogue: { kind: "built-in" } } };
  if (draft.catalogue === "json") return readObject(draft.json);
  const given = paths.filter((path) => draft[path].trim() !== "").map((path) => [path, draft[path].trim()]);
  return { ok: true, config: { catalogue: { kind: "files", ...Object.fromEntries(given) } } };
}

function readObject(json: string): Read {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { ok: true, config: { ...value } };
    return { ok: false, reason: "This is JSON, but not an object in braces." };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "This is not JSON." };
  }
}
