/** `EndpointState`: how many calls the model server of a run takes at once, while it answers. */
import type { EndpointRow } from "@/lib/core/endpoint";
import { plural } from "@/components/ui/numbers";
import { Time } from "@/components/ui/time";

export function EndpointState({ endpoint }: { endpoint: EndpointRow }) {
  const { model, limit, reason, cooldownUntil, lastAnswerAt } = endpoint;
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
