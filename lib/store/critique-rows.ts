import { z } from "zod";
import { critiqueStatuses, CritiqueStep, type Critique as Opinion } from "@/lib/core/critique";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { read } from "./rows";

const Count = z.number().int().min(0);
const Text = z.string().nullable();
export const Critique: z.ZodType<Opinion> = z.object({
  critiqueId: Count,
  trajectoryId: Count,
  policyId: Count,
  policy: z.string(),
  status: z.enum(critiqueStatuses),
  checkpoint: Text,
  promptVersion: Text,
  steps: z.array(CritiqueStep).nullable(),
  promptTokens: Count,
  completionTokens: Count,
  errorCode: Text,
  errorMessage: Text,
  askedBy: z.string(),
  askedAt: z.date(),
  finishedAt: z.date().nullable(),
});
const columns = Prisma.sql`c.id as "critiqueId", c.trajectory_id as "trajectoryId", c.policy_id as "policyId",
  policy.name as policy, c.status, c.checkpoint, c.prompt_version as "promptVersion", c.steps,
  c.prompt_tokens as "promptTokens", c.completion_tokens as "completionTokens", c.error_code as "errorCode",
  c.error_message as "errorMessage", person.name as "askedBy", c.asked_at as "askedAt",
  c.finished_at as "finishedAt"`;
const joins = Prisma.sql`join policy on policy.id = c.policy_id join person on person.id = c.person_id`;
export const selectCritiques = Prisma.sql`select ${columns} from critique c ${joins}`;

/** The newest completed critique of each trajectory that has one. */
export async function newestOf(tx: Tx, ids: number[]): Promise<Map<number, Opinion>> {
  const rows = await read(
    tx,
    Critique,
    Prisma.sql`select ${columns} from unnest(${ids}::int[]) as given(id)
      cross join lateral (
        select * from critique where trajectory_id = given.id and status = 'completed' order by id desc limit 1
      ) c ${joins}`,
  );
  return new Map(rows.map((row) => [row.trajectoryId, row]));
}
