import { notFound } from "next/navigation";
import { AppError } from "@/lib/core/errors";

const LARGEST_ID = 2 ** 31 - 1;

/** What a page reads; the not-found page where there is no such thing, or the address names no place in the list. */
export async function found<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError && (error.code === "not_found" || error.code === "invalid_input"))
      notFound();
    throw error;
  }
}

/** The id in an address; anything that cannot be one leads to the not-found page. */
export function idOf(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > LARGEST_ID) notFound();
  return id;
}
