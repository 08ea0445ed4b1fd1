import { AppError } from "@/lib/core/errors";

const LARGEST = 2 ** 31 - 1;

/** What an id stands for, in words. @throws AppError not_found for a number no row can have */
export function demandId(what: string, id: number): string {
  const name = `${what} ${id}`;
  if (!Number.isInteger(id) || id < 1 || id > LARGEST) throw new AppError("not_found", `there is no ${name}`);
  return name;
}
