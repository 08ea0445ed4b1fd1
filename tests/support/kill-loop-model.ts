import { setTimeout as pause } from "node:timers/promises";
import { seedOf } from "@/lib/core/plan";
import { bestAction, corridorActions } from "./corridor";
import { startOpenAIServer } from "./openai-server";

export type Call = { runId: number; at: number; until: number };
type Decision = { runId: number; runSeed: number; contentHash: string; stateIndex: number; attempt: number };

/** A model that counts what it is asked: every decision of every rollout has a seed, and only one conversation. */
export async function startCountingModel(latencyMs: number, maxSteps: number) {
  const runs = new Map<number, number>();
  const asked = new Map<string, number>();
  const calls: Call[] = [];
  let unknown = 0;
  const server = await startOpenAIServer(async ({ body: { seed = -1, messages } }) => {
    const call = { runId: runs.get(seed) ?? -1, at: Date.now(), until: 0 };
    if (call.runId === -1) unknown += 1;
    const key = `${seed} ${messages.length} ${messages.at(-1)?.content}`;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    calls.push(call);
    server.requests.length = 0;
    await pause(latencyMs);
    call.until = Date.now();
    const action = seed % 3 === 0 ? corridorActions[seed % 4] : bestAction(messages.at(-1)?.content ?? "");
    return { reply: `Thought:\nI go on.\n\nAction:\n${action}` };
  });
  return {
    baseURL: server.baseURL,
    calls,
    /** Makes the decisions of a planned rollout known. */
    expect({ runId, runSeed, contentHash, stateIndex, attempt }: Decision): void {
      for (let step = 0; step < maxSteps; step++)
        runs.set(seedOf(runSeed, contentHash, { stateIndex, attempt }, step), runId);
    },
    /** Calls that were made before, and calls nobody planned. */
    counts: () => ({ calls: calls.length, repeated: calls.length - asked.size, unknown }),
    close: () => server.close(),
  };
}
