import { z } from "zod";

type Check = (value: unknown) => boolean;

/**
 * A quick way to ask a schema about a value out of JSON: true only where parsing would give back the same, false where it
 * would not and where that is not sure. Makes no copy, which is most of what parsing costs; what it says no to is for the
 * schema. It is derived from the schema, so it cannot say yes to what the schema would refuse.
 */
export function asIs<T>(schema: z.ZodType<T>): (value: unknown) => value is T {
  const check = checkOf(schema);
  return (value): value is T => check(value);
}

const never: Check = () => false;

/** Schemas and refinements that are not known here are true of nothing. */
function checkOf(schema: z.core.$ZodType): Check {
  const checks = schema._zod.def.checks ?? [];
  if (schema instanceof z.ZodNumber) return numberCheck(schema, checks);
  if (checks.length > 0) return never;
  if (schema instanceof z.ZodObject) return objectCheck(schema.shape);
  if (schema instanceof z.ZodArray) {
    const each = checkOf(schema.element);
    return (value) => Array.isArray(value) && value.every(each);
  }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    const [inner, empty] = [checkOf(schema.unwrap()), schema instanceof z.ZodNullable ? null : undefined];
    return (value) => value === empty || inner(value);
  }
  if (schema instanceof z.ZodEnum) {
    const options = new Set<unknown>(schema.options);
    return (value) => options.has(value);
  }
  if (schema instanceof z.ZodString) return (value) => typeof value === "string";
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === "boolean";
  return schema instanceof z.ZodUnknown ? () => true : never;
}

function numberCheck(schema: z.ZodNumber, checks: z.core.$ZodCheck<never>[]): Check {
  if (checks.length === 0) return schema.format === null ? Number.isFinite : never;
  return checks.length === 1 && schema.format === "safeint" ? Number.isSafeInteger : never;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectCheck(shape: Readonly<Record<string, z.core.$ZodType>>): Check {
  const members = new Map(
    Object.entries(shape).map(([key, member]) => [
      key,
      { check: checkOf(member), needed: member instanceof z.ZodOptional ? 0 : 1 },
    ]),
  );
  const needed = [...members.values()].filter((member) => member.needed).length;
  return (value) => {
    if (!isRecord(value)) return false;
    let found = 0;
    // Object.entries would make a list of lists of every object there is.
    for (const key in value) {
      const member = members.get(key);
      if (!member?.check(value[key])) return false;
      found += member.needed;
    }
    return found === needed;
  };
}
