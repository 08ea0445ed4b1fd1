import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

const boundaries = "gleaner/boundaries";

// Only the rule in question: the typed rules would need each made-up file in the project.
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === boundaries,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function complaints(filePath: string, line: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

describe("a bad import line is rejected", () => {
  test.each([
    ["lib/core/verdict.ts", 'import { readFileSync } from "node:fs";', "lib/core may not import node"],
    ["lib/core/verdict.ts", 'import { PrismaClient } from "@/lib/store/client";', "lib/store/client"],
    ["lib/prompts/webshop.ts", 'import { z } from "zod";', "lib/prompts may not import zod"],
    ["lib/exporters/openai.ts", 'import pg from "pg";', "lib/exporters may not import pg"],
    ["lib/usecases/runs.ts", 'import { sendJob } from "../jobs/queue";', "lib/jobs/queue"],
    ["lib/usecases/runs.ts", 'export { store } from "@/lib/store/runs";', "lib/store/runs"],
    ["lib/jobs/worker.ts", 'import "server-only";', "lib/jobs may not import server-only"],
    ["components/ui/button.tsx", 'import path from "path";', "components may not import node"],
    ["components/charts/mix.tsx", 'const load = () => import("@/lib/server/runs");', "lib/server/runs"],
    ["app/runs/page.tsx", 'import type { Row } from "@/lib/store/rows";', "lib/store/rows"],
    ["app/runs/page.tsx", 'import { cn } from "clsx";', "app may not import clsx"],
    ["proxy.ts", 'import { runs } from "./lib/server/runs";', "lib/server/runs"],
  ])("%s: %s", async (file, line, told) => {
    expect((await complaints(file, line)).join("\n")).toContain(told);
  });
});

describe("a good import line is accepted", () => {
  test.each([
    ["lib/core/verdict.ts", 'import { z } from "zod"; import { AppError } from "./errors";'],
    ["lib/usecases/runs.ts", 'import { jobs } from "@/lib/jobs/definitions";'],
    ["lib/jobs/handlers/explore.ts", 'import { queue } from "../queue"; import { PgBoss } from "pg-boss";'],
    [
      "lib/server/deps.ts",
      'import "server-only"; import { environments } from "@/lib/environments/registry";',
    ],
    [
      "components/ui/button.tsx",
      'import { Dialog } from "@base-ui/react/dialog"; import Link from "next/link";',
    ],
    ["app/layout.tsx", 'import "@fontsource-variable/inter"; import "./globals.css";'],
    ["tests/unit/verdict.test.ts", 'import { spawn } from "node:child_process"; import pg from "pg";'],
  ])("%s: %s", async (file, line) => {
    expect(await complaints(file, line)).toEqual([]);
  });
});
