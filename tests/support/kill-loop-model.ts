import { setTimeout as pause } from "node:timers/promises";
import { seedOf } from "@/lib/core/plan";
import { bestAction, corridorActions } from "./corridor";
import { startOpenAIServer } from "./openai-server";

export type Call = { seed: number; at: number; until: number };
export type Decisions = { runSeed: number; contentHash: string; stateIndex: number; attempt: number };

/** A model that counts what it is asked: every decision of every rollout has a seed, and only one conversation. */
export async function startCountingModel(latencyMs: number, maxSteps: number) {
  const asked = new Set<string>();
  const calls: Call[] = [];
  const server = await startOpenAIServer(async ({ body: { seed = -1, messages } }) => {
    const call = { seed, at: Date.now(), until: Infinity };
    asked.add(`${seed} ${messages.length} ${messages.at(-1)?.content}`);
    calls.push(call);
    server.requests.length = 0;
    await pause(latencyMs);
    call.until = Date.now();
    const action = seed % 3 === 0 ? corridorActions[seed % 4] : bestAction(messages.at(-1)?.content ?? "");
    return { reply: `Thought:\nI go on.\n\nAction:\n${action}` };
  });
  return {
    baseURL: server.baseURL,
    /** All calls, and those of them that had been made before. */
    counts: () => ({ calls: calls.length, repeated: calls.length - asked.size }),
    /** The calls of each run, by the decisions planned in it; those that nobody planned are of run -1. */
    callsOf(planned: Map<number, Decisions[]>): Map<number, Call[]> {
      const runOf = new Map<number, number>();
      const made = new Map<number, Call[]>([...planned.keys(), -1].map((runId) => [runId, []]));
      for (const [runId, decisions] of planned)
        for (const { runSeed, contentHash, ...probe } of decisions)
          for (let step = 0; step < maxSteps; step++)
            runOf.set(seedOf(runSeed, contentHash, probe, step), runId);
      for (const call of calls) made.get(runOf.get(call.seed) ?? -1)?.push(call);
      return made;
    },
    close: () => server.close(),
  };
}
