import "server-only";
import { headers } from "next/headers";
import { z } from "zod";
import { AppError, wrongFields } from "@/lib/core/errors";
import type { PersonRow } from "@/lib/core/rows";
import { failureOf, type Answer } from "./answer";
import { currentPerson } from "./deps";
import { requireSameOrigin } from "./same-origin";

/**
 * The one way to write a mutation that a browser can call: refuses foreign origins, says who acts, parses the input,
 * and answers errors as values. An action is a public endpoint; `input` is whatever was sent.
 */
export function defineAction<S extends z.ZodType, T>(
  schema: S,
  work: (input: z.output<S>, person: PersonRow) => Promise<T>,
): (input: z.input<S>) => Promise<Answer<T>> {
  return async (input) => {
    try {
      requireSameOrigin(await headers());
      const person = await currentPerson();
      return { ok: true, value: await work(parsed(schema, input), person) };
    } catch (error) {
      return { ok: false, error: failureOf(error) };
    }
  };
}

/** Input from outside, checked. @throws AppError invalid_input saying which field is wrong */
export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AppError("invalid_input", wrongFields(result.error));
}
