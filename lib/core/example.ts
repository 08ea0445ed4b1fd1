import { z } from "zod";
import { asIs } from "./as-is";
import { AppError } from "./errors";
import { Message } from "./trajectory";

/** Behaviour cloning; the agent's own success from an important state; expert part + agent suffix; promoted by a person. */
export const exampleKinds = ["bc", "rft", "eef", "promoted"] as const;

/** One message with its mask: `train` says whether the loss covers it; only assistant messages are ever trained. */
export const MaskedMessage = Message.extend({ train: z.boolean() });
export type MaskedMessage = z.infer<typeof MaskedMessage>;

/** Where one trained or masked assistant message comes from. */
export const TurnOrigin = z.object({
  messageIndex: z.number().int(),
  /** `expert` steps come from the failed (or successful) expert trajectory, `agent` steps from the rollout. */
  source: z.enum(["expert", "agent"]),
  stepIndex: z.number().int(),
  verdict: z.string().nullable(),
  decision: z.string().nullable(),
  reviewer: z.string().nullable(),
  train: z.boolean(),
});

/** Messages with a loss mask, ready to train on, and where each turn comes from. */
export const Example = z.object({
  kind: z.enum(exampleKinds),
  environment: z.string(),
  subtaskKey: z.string(),
  messages: z.array(MaskedMessage),
  tools: z.array(z.unknown()).nullable(),
  provenance: z.object({
    /** Content hash of the expert trajectory. */
    trajectory: z.string(),
    trajectoryId: z.number().int(),
    /** The important state this example solves; null for behaviour cloning. */
    importantState: z.number().int().nullable(),
    /** The rollout whose actions solve it; null for behaviour cloning. */
    rollout: z
      .object({ runId: z.number().int(), stateIndex: z.number().int(), attempt: z.number().int() })
      .nullable(),
    checkpoint: z.string().nullable(),
    ruleVersion: z.string().nullable(),
    /** Attempts and successes at every probed state the verdicts rest on. */
    evidence: z.array(
      z.object({ stateIndex: z.number().int(), attempts: z.number().int(), successes: z.number().int() }),
    ),
    turns: z.array(TurnOrigin),
  }),
});
export type Example = z.infer<typeof Example>;

const isExample = asIs(Example);

/** An example from the text it is stored as. @throws AppError internal naming the one that is not as it was stored */
export function storedExample(
  { text, exampleIndex }: { text: string; exampleIndex: number },
  datasetId: number,
): Example {
  const stored: unknown = JSON.parse(text);
  if (isExample(stored)) return stored;
  const result = Example.safeParse(stored);
  if (result.success) return result.data;
  const what = `example ${exampleIndex} of dataset ${datasetId}`;
  throw new AppError("internal", `${what} is not as it was stored: ${z.prettifyError(result.error)}`);
}
