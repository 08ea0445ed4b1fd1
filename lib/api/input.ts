import { z } from "zod";
import { AppError, wrongFields } from "@/lib/core/errors";

/** Input from outside, checked. @throws AppError invalid_input saying which field is wrong */
export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AppError("invalid_input", wrongFields(result.error));
}

/**
 * The parameters of an address, which are all text, as the schema wants them: a number where it takes one, true or false
 * where it takes that. What the schema publishes and what is accepted are thereby the same.
 * @throws AppError invalid_input for a name that is given twice or that there is not, and for what does not fit
 */
export function fromText<S extends z.ZodObject>(schema: S, entries: [string, string][]): z.output<S> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, text] of entries) {
    if (Object.hasOwn(values, name)) throw new AppError("invalid_input", `${name}: is given twice`);
    const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    values[name] = field instanceof z.ZodType ? valueOf(field, text) : text;
  }
  return parsed(schema, { ...values });
}

function valueOf(field: z.ZodType, text: string): unknown {
  if (field instanceof z.ZodDefault || field instanceof z.ZodNullable || field instanceof z.ZodOptional) {
    const inner = field.unwrap();
    return inner instanceof z.ZodType ? valueOf(inner, text) : text;
  }
  if (field instanceof z.ZodNumber) return (field.isInt ? WHOLE : NUMBER).test(text) ? Number(text) : text;
  if (field instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  if (field instanceof z.ZodDate) return /^\d{4}-\d{2}-\d{2}/.test(text) ? dateOf(text) : text;
  return text;
}

/** Every number of an id, as large as JSON can hold exactly. */
const WHOLE = /^-?\d{1,16}$/;
/** As JSON writes numbers, and Python: 0.30000000000000004 and 1e-05 are some. */
const NUMBER = /^-?\d{1,16}(\.\d{1,25})?([eE][+-]?\d{1,3})?$/;

/** A time as a date; text stays text where the database knows no such year. */
function dateOf(text: string): Date | string {
  const date = new Date(text);
  const year = date.getUTCFullYear();
  return year < 1 || year > 9999 ? text : date;
}
