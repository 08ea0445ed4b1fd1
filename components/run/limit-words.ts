import type { EndpointChange } from "@/lib/core/endpoint";
import { plural } from "@/components/ui/numbers";

/** Calls an endpoint got at once after a change: none while it was down. */
const callsAfter = ({ limit, breaker }: EndpointChange): number => (breaker === "closed" ? limit : 0);

/** What was allowed from when on, and at the end what still is. */
export function limitPoints(changes: EndpointChange[], until: Date): { at: number; calls: number }[] {
  const points = changes.map((change) => ({ at: change.at.getTime(), calls: callsAfter(change) }));
  const last = points.at(-1);
  return last && until.getTime() > last.at ? [...points, { at: until.getTime(), calls: last.calls }] : points;
}

/** One change as a sentence: from what to what, and why. @param changes oldest first */
export function limitWords(changes: EndpointChange[], index: number): string {
  const [before, after] = [changes[index - 1], changes[index]];
  if (!after) return "";
  const why = `: ${after.reason}`;
  if (after.breaker !== "closed") return `paused${why}`;
  if (!before) return `${plural(after.limit, "call")} at once${why}`;
  if (before.breaker !== "closed") return `went on with ${plural(after.limit, "call")} at once${why}`;
  const verb = after.limit > before.limit ? "grew" : "cut";
  return `${verb} from ${before.limit} to ${after.limit}${why}`;
}
