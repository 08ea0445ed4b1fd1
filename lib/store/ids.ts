import { AppError } from "@/lib/core/errors";
import { sqlState } from "./client";

const LARGEST = 2 ** 31 - 1;

const isPossible = (id: number): boolean => Number.isInteger(id) && id >= 1 && id <= LARGEST;

/** What an id stands for, in words. @throws AppError not_found for a number no row can have */
export function demandId(what: string, id: number): string {
  const name = `${what} ${id}`;
  if (!isPossible(id)) throw new AppError("not_found", `there is no ${name}`);
  return name;
}

/** Those of some ids that a row can have. */
export const possibleIds = (ids: number[]): number[] => ids.filter(isPossible);

/** Runs a write whose ids come from outside. @throws AppError not_found when one of them names no row */
export async function referring<T>(what: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    // foreign_key_violation, numeric_value_out_of_range
    if (!["23503", "22003"].includes(sqlState(cause) ?? "")) throw cause;
    throw new AppError("not_found", `${what} refers to something that does not exist`, { cause });
  }
}
