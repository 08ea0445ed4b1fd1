/** `EndpointState`: how the model server of a run stands: not answering, holding back, or how many calls it takes at once. */
import type { EndpointRow } from "@/lib/core/endpoint";
import { ErrorNote } from "@/components/ui/error-note";
import { plural } from "@/components/ui/numbers";
import { Time } from "@/components/ui/time";

export function EndpointState({ endpoint }: { endpoint: EndpointRow }) {
  const { breaker, baseURL, model, limit, reason, cooldownUntil, lastAnswerAt } = endpoint;
  if (breaker !== "closed")
    return (
      <ErrorNote
        message={`${model} at ${baseURL} does not answer (${reason}). Rollouts wait with what they have; nothing is counted against the agent.`}
        fix="Start the server: it is tried again by itself. If the address is wrong, stop the run and correct the policy."
      />
    );
  return (
    <p className="text-sm text-ink-2">
      {model} takes up to {plural(limit, "call")} at once
      {cooldownUntil ? "; it asked for less and is given a moment" : ""} ({reason})
      {lastAnswerAt ? (
        <>
          , last answer <Time at={lastAnswerAt} />
        </>
      ) : null}
      .
    </p>
  );
}
