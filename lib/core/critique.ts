import { z } from "zod";

/** What a critic says of one action: it helped, it harmed, it did neither, or the critic cannot tell. */
export const critiqueCalls = ["helpful", "harmful", "neutral", "unsure"] as const;
export type CritiqueCall = (typeof critiqueCalls)[number];

/** Characters of a reason that are kept. */
export const REASON_CHARACTERS = 300;

/** A critic's opinion of one action. */
export const CritiqueStep = z.object({
  stepIndex: z.number().int().min(0),
  call: z.enum(critiqueCalls),
  reason: z.string().max(REASON_CHARACTERS),
});
export type CritiqueStep = z.infer<typeof CritiqueStep>;

export const critiqueStatuses = ["queued", "running", "completed", "errored", "cancelled"] as const;
export type CritiqueStatus = (typeof critiqueStatuses)[number];

/** One pass of a critic over one trajectory. `steps` are there exactly when it is completed, one per action. */
export type Critique = {
  critiqueId: number;
  trajectoryId: number;
  policyId: number;
  /** Name of the policy row that was asked. */
  policy: string;
  status: CritiqueStatus;
  /** Which weights answered, and what they were asked with; null until they did. */
  checkpoint: string | null;
  promptVersion: string | null;
  steps: CritiqueStep[] | null;
  promptTokens: number;
  completionTokens: number;
  errorCode: string | null;
  errorMessage: string | null;
  askedBy: string;
  askedAt: Date;
  finishedAt: Date | null;
};

const Answer = z.object({
  steps: z.array(z.object({ step: z.number().int(), call: z.enum(critiqueCalls), reason: z.string() })),
});

const fenced = /^```(?:json)?\s*\n([\s\S]*)\n```$/;

/**
 * Reads a critic's reply: one JSON object with one entry per action, all of them and no other. A Markdown fence around
 * it is taken off, a reason that is too long is cut; anything else wrong refuses the whole reply.
 * @param length number of actions T
 * @returns ascending by stepIndex; or what is wrong with the reply, in words for the model
 */
export function readCritique(
  reply: string,
  length: number,
): { ok: true; steps: CritiqueStep[] } | { ok: false; wrong: string } {
  const text = reply.trim();
  let value: unknown;
  try {
    value = JSON.parse(fenced.exec(text)?.[1] ?? text);
  } catch {
    return { ok: false, wrong: "it is not one JSON object" };
  }
  const answer = Answer.safeParse(value);
  if (!answer.success) {
    const [issue] = answer.error.issues;
    return { ok: false, wrong: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`.slice(0, 200) };
  }
  const said = answer.data.steps.map((each) => each.step);
  const unknown = said.find((step) => step < 0 || step >= length);
  if (unknown !== undefined)
    return { ok: false, wrong: `there is no step ${unknown}, only 0 to ${length - 1}` };
  if (new Set(said).size !== said.length) return { ok: false, wrong: "a step is judged twice" };
  if (said.length !== length)
    return { ok: false, wrong: `${said.length} of ${length} steps are judged; all must be` };
  const steps = answer.data.steps
    .map(({ step, call, reason }) => ({
      stepIndex: step,
      call,
      reason: reason.trim().slice(0, REASON_CHARACTERS),
    }))
    .sort((a, b) => a.stepIndex - b.stepIndex);
  return { ok: true, steps };
}
