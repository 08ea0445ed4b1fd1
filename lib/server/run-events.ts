import "server-only";
import { createFeed, eventStream, type Feed } from "@/lib/usecases/feed";
import { runView, type RunView } from "@/lib/usecases/runs";
import { deps } from "./deps";

const EVERY_MS = 1000;
const shared = globalThis as typeof globalThis & { gleanerRuns?: Feed<RunView> };

/** A run as it goes on, as server-sent events. @throws AppError not_found */
export async function runEvents(runId: number, signal: AbortSignal): Promise<Response> {
  await deps().store.runs.get(runId);
  shared.gleanerRuns ??= createFeed((id) => runView(deps(), id), EVERY_MS);
  const over = ({ run }: RunView) => run.finishedAt !== null;
  return new Response(eventStream(shared.gleanerRuns, runId, over, signal), {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}
