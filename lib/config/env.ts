import path from "node:path";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";

const Secret = z
  .string()
  .refine((text) => /^[A-Za-z0-9_-]{43}=?$/.test(text), "must be 32 random bytes written as base64url");

/** Every environment variable the program reads. An empty one counts as unset. */
const Env = z.object({
  DATABASE_URL: z
    .string("is not set")
    .refine((url) => /^postgres(ql)?:\/\//.test(url), "must begin with postgresql://"),
  /** Encrypts the keys of endpoints at rest; without it none can be stored. */
  GLEANER_SECRET: Secret.optional(),
  /** The name decisions are recorded under while there are no accounts. */
  GLEANER_PERSON: z.string().trim().min(1).max(100).default("local"),
  /** The folder that holds what must survive: the embedded database, uploads. */
  GLEANER_DATA: z.string().default(".data"),
  /** Gigabytes (10^9 bytes) that prepared exports may take together. */
  GLEANER_EXPORTS_GB: z.coerce.number().positive().default(50),
});
export type Env = z.infer<typeof Env>;

let parsed: Env | undefined;

/**
 * The environment, parsed on first use.
 * @throws AppError invalid_input naming every variable that is wrong; never its value
 */
export function env(): Env {
  parsed ??= parse(Env);
  return parsed;
}

/** The key that secrets are encrypted with; null when none is set. */
export function secretKey(): Buffer | null {
  const { GLEANER_SECRET: secret } = parse(Env.pick({ GLEANER_SECRET: true }));
  return secret === undefined ? null : Buffer.from(secret, "base64url");
}

/** The folder of `GLEANER_DATA`, also where nothing else is set. */
export function dataFolder(): string {
  return parse(Env.pick({ GLEANER_DATA: true })).GLEANER_DATA;
}

/** The folder of prepared exports. */
export const exportsFolder = (): string => path.resolve(dataFolder(), "exports");

/** Bytes that prepared exports may take together. */
export function exportsLimit(): number {
  return parse(Env.pick({ GLEANER_EXPORTS_GB: true })).GLEANER_EXPORTS_GB * 1e9;
}

function parse<T>(schema: z.ZodType<T>): T {
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  throw new AppError("invalid_input", `the environment is not usable: ${wrong.join("; ")}`, {
    fix: "start with `npm start`, which sets what is missing; .env.example lists every variable",
  });
}
