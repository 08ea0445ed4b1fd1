import { AppError } from "@/lib/core/errors";
import { listEnvironments, putEnvironment } from "@/lib/usecases/environments";
import { listPolicies, putPolicy } from "@/lib/usecases/policies";
import type { Context } from "./commands";
import { readArguments, required, say } from "./terminal";

/** @throws AppError invalid_input when the text is not a JSON object */
export function jsonObject(name: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
  } catch {
    // falls through to the one error there is for it
  }
  throw new AppError("invalid_input", `--${name} is not a JSON object`);
}

export async function environments({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, {
    driver: { type: "string" },
    config: { type: "string" },
  });
  if (positionals[0] === "put") {
    const name = required("NAME", positionals[1]);
    const row = await putEnvironment(deps, {
      name,
      driver: values.driver ?? null,
      config: jsonObject("config", values.config ?? "{}"),
    });
    return say(terminal, row, `environment ${row.name} is ${row.environmentId}`);
  }
  const rows = await listEnvironments(deps);
  const line = (r: (typeof rows)[number]) =>
    `${r.environmentId}  ${r.name}  ${r.driver ?? "no driver"}  ${r.trajectories} trajectories`;
  say(terminal, rows, rows.map(line).join("\n") || "no environments yet");
}

export async function policies({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, {
    kind: { type: "string" },
    config: { type: "string" },
    "secret-env": { type: "string" },
  });
  if (positionals[0] === "put") {
    const variable = values["secret-env"];
    const secret = variable === undefined ? undefined : process.env[variable];
    if (variable !== undefined && !secret)
      throw new AppError("invalid_input", `the variable ${variable} is not set`);
    const row = await putPolicy(deps, {
      name: required("NAME", positionals[1]),
      kind: values.kind ?? "openai",
      config: jsonObject("config", values.config ?? "{}"),
      secret,
    });
    return say(terminal, row, `policy ${row.name} is ${row.policyId}`);
  }
  const rows = await listPolicies(deps);
  say(terminal, rows, rows.map((r) => `${r.policyId}  ${r.name}  ${r.kind}`).join("\n") || "no policies yet");
}

/** @throws AppError not_found listing the known names */
export async function environmentNamed(deps: Context["deps"], name: string): Promise<number> {
  const rows = await deps.store.environments.list();
  const found = rows.find((row) => row.name === name);
  if (found) return found.environmentId;
  throw new AppError("not_found", `there is no environment “${name}”`, {
    fix: `use one of ${rows.map((r) => r.name).join(", ")}`,
  });
}

/** @throws AppError not_found listing the known names */
export async function policyNamed(deps: Context["deps"], name: string): Promise<number> {
  const rows = await deps.store.policies.list();
  const found = rows.find((row) => row.name === name);
  if (found) return found.policyId;
  throw new AppError("not_found", `there is no policy “${name}”`, {
    fix: `use one of ${rows.map((r) => r.name).join(", ")}`,
  });
}
