import { AppError } from "@/lib/core/errors";

/** A B-tree entry holds no more than some 2,700 bytes. */
const LONGEST_NAME = 2000;

/**
 * Refuses text that Postgres cannot hold, before the database sees it: NUL characters and lone surrogates, anywhere in
 * a value.
 * @param where names the value in the message
 * @throws AppError invalid_input saying where
 */
export function demandStorable(value: unknown, where: string): void {
  // Only what is wrong is looked at with its place: writing down all places takes longer than looking.
  if (isStorable(value)) return;
  if (typeof value === "string") {
    throw unstorable(
      where,
      value.includes("\0") ? "a NUL character" : "half of a surrogate pair, which is no character",
    );
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => demandStorable(inner, `${where}[${index}]`));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      demandStorable(key, `a key of ${where}`);
      demandStorable(inner, `${where}.${key}`);
    }
  }
}

function isStorable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  if (Array.isArray(value)) return value.every(isStorable);
  if (typeof value !== "object" || value === null || value instanceof Date) return true;
  return Object.keys(value).every(isStorable) && Object.values(value).every(isStorable);
}

/** Refuses a name that is too long to be looked up by. @throws AppError invalid_input */
export function demandName(name: string | null, where: string): void {
  if (name !== null && Buffer.byteLength(name) > LONGEST_NAME)
    throw new AppError("invalid_input", `${where} is ${Buffer.byteLength(name)} bytes long`, {
      fix: `a name can be ${LONGEST_NAME} bytes at most`,
    });
}

/** Text that is only ever shown, made storable: what cannot be stored shows as a symbol for it. */
export function storable(text: string): string;
export function storable(text: string | null): string | null;
export function storable(text: string | null): string | null {
  return text === null ? null : text.replaceAll("\0", "␀").toWellFormed();
}

function unstorable(where: string, what: string): AppError {
  return new AppError("invalid_input", `${where} holds ${what}`, { fix: "remove it from the source" });
}

/** The pattern of texts that hold this one, for `like`. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
