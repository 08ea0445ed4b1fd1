import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { Step } from "@/lib/core/trajectory";
import { splitRecords, type RawRecord } from "./record-stream";
import { parseRecord, rejection, shaped } from "./record-value";

export const evidenceOutcomes = ["success", "failure", "errored"] as const;

/** One step of a rollout made elsewhere. */
const EvidenceStep = z
  .strictObject({
    observation: Step.shape.observation,
    thought: Step.shape.thought.default(null),
    action: Step.shape.action,
    reward: z.number().min(0).max(1).nullable().default(null),
  })
  .transform((step): Step => ({ ...step, messages: null }));

/**
 * One rollout made elsewhere, one per line of JSONL:
 *
 * ```json
 * {"trajectory":"airline/task_3#task_3_trial_0","state":4,"attempt":0,"outcome":"failure"}
 * {"trajectory":"webshop_6","state":0,"attempt":1,"outcome":"success","reward":1,"checkpoint":"my-sft-2",
 *  "steps":[{"observation":"WebShop [SEP] …","thought":"I look for …","action":"search[red shoes]"}]}
 * {"trajectory":"webshop_6","state":0,"attempt":2,"outcome":"errored","error":"endpoint timed out"}
 * ```
 *
 * `state` t is where the trajectory stands after its first t actions (0..T), `attempt` counts the rollouts from that
 * state, and (trajectory, state, attempt) names a rollout once. `steps` are only those the agent took from that state
 * on, without the replayed prefix. An errored rollout is kept but speaks neither for nor against.
 */
export const EvidenceRecord = z.strictObject({
  /** Content hash, external id, or `environment/subtaskKey#externalId` of the expert trajectory. */
  trajectory: z.string().min(1).max(1000),
  state: z.number().int().min(0),
  attempt: z.number().int().min(0),
  outcome: z.enum(evidenceOutcomes),
  /** The rollout's return, 0..1. */
  reward: z.number().min(0).max(1).optional(),
  /** What broke, for an errored rollout. */
  error: z.string().max(10_000).optional(),
  steps: z.array(EvidenceStep).optional(),
  /** Which weights acted; verdicts belong to it. */
  checkpoint: z.string().min(1).max(200).optional(),
});
export type EvidenceRecord = z.infer<typeof EvidenceRecord>;

export type EvidenceLine =
  | { ok: true; line: number; byteOffset: number; evidence: EvidenceRecord }
  | { ok: false; line: number; byteOffset: number; reason: string; sample: string };

function readLine(raw: RawRecord): EvidenceLine {
  const parsed = parseRecord(raw);
  if (!parsed.ok) return rejection(raw, parsed.reason);
  try {
    const evidence = shaped(EvidenceRecord, parsed.value);
    return { ok: true, line: raw.line, byteOffset: raw.byteOffset, evidence };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return rejection(raw, error.message);
  }
}

/** Reads evidence from JSONL (or a JSON array), one rollout at a time; a bad line never ends the reading. */
export async function* readEvidence(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EvidenceLine> {
  for await (const raw of splitRecords(stream)) yield readLine(raw);
}
