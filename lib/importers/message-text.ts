import { createHash } from "node:crypto";
import { z } from "zod";
import { withoutMarks } from "./exact-integers";
import { isReasoning } from "./reasoning";
import type { Turns } from "./turns";

/** What something is called; some write a number. */
export const Name = z.union([z.string().min(1), z.number()]).transform(String);

const Part = z.looseObject({
  type: z.string().nullish(),
  text: z.string().nullish(),
  content: z.string().nullish(),
});

/** A part that is no text leaves its kind behind: that something was there is part of what was seen. */
function partText({ type, text, content }: z.infer<typeof Part>): string {
  return isReasoning(type) ? "" : (text ?? content ?? `[${type ?? "unknown part"}]`);
}

/** Text of a message that may be given in parts; null where there is none. Reasoning is not what was said. */
export const ContentText = z
  .union([z.string(), z.array(z.union([z.string(), Part]))], { error: "must be text or a list of parts" })
  .nullish()
  .transform((content) =>
    Array.isArray(content)
      ? content.map((part) => (typeof part === "string" ? part : partText(part))).join("")
      : (content ?? null),
  );

/** Arguments of a call as JSON text: as they were written where they are text already; integers keep their digits. */
export const callArguments = (given: unknown): string =>
  typeof given === "string" ? given : withoutMarks(JSON.stringify(given) ?? "{}");

/** The same task gets the same key, although the record does not name it. */
export function keyOf({ opening, steps }: Pick<Turns, "opening" | "steps">): string {
  const start = JSON.stringify([opening, steps[0]?.observation]);
  return `chat_${createHash("sha256").update(start).digest("hex").slice(0, 16)}`;
}

const instance = /^([\w.-]+__[\w.-]+-\d+)(?:_\d+)?$/;

/** The repository task an id names, as SWE-bench writes them (`owner__repo-123`, a trial after `_`); null for others. */
export const repositoryTask = (id: string): string | null => instance.exec(id)?.[1] ?? null;
