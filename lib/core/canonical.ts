/**
 * JSON with sorted keys and no white space: equal values give equal text, so that a hash of it identifies the value.
 * `undefined` fields are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  return written(value) ?? String(undefined);
}

/** Written piece by piece: sorting copies of objects first takes several times as long. */
function written(given: unknown): string | undefined {
  const value = given instanceof Date ? given.toJSON() : given;
  if (Array.isArray(value)) return `[${value.map((item: unknown) => written(item) ?? "null").join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  let text = "";
  for (const key of sorted(Object.keys(value))) {
    const inner = written(value[key]);
    if (inner !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${inner}`;
  }
  return `{${text}}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isIndex = (key: string) => /^(?:0|[1-9]\d{0,9})$/.test(key);

/** By UTF-16 units, but whole numbers first, as objects keep them: what was hashed before hashes the same. */
function sorted(keys: string[]): string[] {
  keys.sort();
  return keys.some(isIndex) ? Object.keys(Object.fromEntries(keys.map((key) => [key, null]))) : keys;
}
