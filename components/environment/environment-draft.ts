import type { DriverField } from "./driver-field";
import { driverFields } from "./driver-fields";

/** An environment as it is typed in. */
export type EnvironmentDraft = {
  name: string;
  /** Empty: no driver. */
  driver: string;
  /** What the driver's fields hold, by their place in the configuration. */
  values: Record<string, string>;
  /** What is stored that no field asks for: kept as it is. */
  kept: [path: string, value: unknown][];
  /** Whether `json` is the configuration: the form has no fields that can say it. */
  advanced: boolean;
  json: string;
};

export type Config = { [name: string]: unknown };

const initials = (driver: string): Record<string, string> =>
  Object.fromEntries((driverFields[driver] ?? []).map(({ path, initial }) => [path, initial]));

export function emptyDraft(driver: string): EnvironmentDraft {
  return {
    name: "",
    driver,
    values: initials(driver),
    kept: [],
    advanced: !(driver in driverFields),
    json: "{}",
  };
}

/** The draft of a stored environment. */
export function draftOf(row: { name: string; driver: string | null; config: unknown }): EnvironmentDraft {
  const empty = emptyDraft(row.driver ?? "");
  const stored = isObject(row.config) ? row.config : {};
  const json = JSON.stringify(stored, null, 2);
  const leaves = leavesOf(stored);
  const known = new Set((driverFields[empty.driver] ?? []).map(({ path }) => path));
  const values = { ...empty.values };
  for (const [path, value] of leaves) if (known.has(path)) values[path] = String(value);
  return { ...empty, name: row.name, json, values, kept: leaves.filter(([path]) => !known.has(path)) };
}

/** The fields to show: those whose condition holds. */
export function shownFields({ driver, values }: Pick<EnvironmentDraft, "driver" | "values">): DriverField[] {
  return (driverFields[driver] ?? []).filter(({ when }) => !when || values[when.path] === when.is);
}

type Read = { ok: true; config: Config } | { ok: false; reason: string };

/** The driver's configuration that a draft asks for, or why it cannot be read. */
export function configOf(draft: EnvironmentDraft): Read {
  if (draft.driver === "") return { ok: true, config: {} };
  if (draft.advanced) return readObject(draft.json);
  const config: Config = {};
  for (const [path, value] of draft.kept) put(config, path.split("."), value);
  for (const field of shownFields(draft)) {
    const text = (draft.values[field.path] ?? "").trim();
    if (text === "") continue;
    if (field.kind === "number" && !/^-?\d{1,15}$/.test(text))
      return { ok: false, reason: `${field.label}: “${text}” is not a whole number.` };
    put(config, field.path.split("."), valueOf(field, text));
  }
  return { ok: true, config };
}

function valueOf({ kind }: DriverField, text: string): unknown {
  if (kind === "switch") return text === "true";
  return kind === "number" ? Number(text) : text;
}

function put(config: Config, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    config[name] = value;
    return;
  }
  const inner = config[name];
  const next: Config = isObject(inner) ? inner : {};
  config[name] = next;
  put(next, rest, value);
}

function leavesOf(config: Config, prefix = ""): [path: string, value: unknown][] {
  return Object.entries(config).flatMap(([name, value]): [string, unknown][] =>
    isObject(value) ? leavesOf(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  );
}

const isObject = (value: unknown): value is Config =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readObject(json: string): Read {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return { ok: true, config: value };
    return { ok: false, reason: "This is JSON, but not an object in braces." };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "This is not JSON." };
  }
}
