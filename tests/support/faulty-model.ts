import { setTimeout as pause } from "node:timers/promises";
import { drawFrom } from "@/lib/policies/random";
import { startOpenAIServer, type Answer, type ChatRequest, type OpenAIServer } from "./openai-server";

/** Everything that goes wrong with a model server now and then, whatever the load. */
export const everyFault: Answer[] = [
  { fault: "rate-limit" },
  { fault: "status", status: 500 },
  { fault: "status", status: 503 },
  { fault: "silence" },
  { fault: "truncated-json" },
  { fault: "empty-choices" },
  { fault: "reset-midway" },
  { fault: "not-json" },
];

export type FaultyModel = OpenAIServer & {
  /** Most requests worked on at once so far. */
  peak(): number;
  /** Replies given, and requests turned away because too many were there. */
  counts: { replies: number; refused: number; broken: number };
};

/** A model that works on so many requests at once, takes its time for each, and breaks some of them at random. */
export async function startFaultyModel(options: {
  capacity: number;
  latencyMs: number;
  /** Share of requests that break. */
  faultRate: number;
  faults?: Answer[];
  seed: number;
  reply: (request: ChatRequest) => Answer;
}): Promise<FaultyModel> {
  const { capacity, latencyMs, faultRate, faults = everyFault, seed, reply } = options;
  const draw = drawFrom(seed);
  const counts = { replies: 0, refused: 0, broken: 0 };
  let inFlight = 0;
  let peak = 0;
  const server = await startOpenAIServer(async (request) => {
    const wait = latencyMs * (0.5 + draw());
    const fault = draw() < faultRate ? faults[Math.floor(draw() * faults.length)] : undefined;
    if (inFlight >= capacity) {
      counts.refused += 1;
      return { fault: "rate-limit" };
    }
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    await pause(wait);
    inFlight -= 1;
    counts[fault ? "broken" : "replies"] += 1;
    return fault ?? reply(request);
  });
  return { ...server, peak: () => peak, counts };
}
