import type { EndpointName } from "./gate";
import type { BreakerState, LimitSettings, Pace, Tally } from "./limit";

/** What a worker says of an endpoint, and asks of it. */
export type EndpointReport = {
  endpoint: EndpointName;
  limits: LimitSettings;
  pace: Pace;
  owner: string;
  tally: Tally;
  /** Calls in flight now: places that cannot be given back yet. */
  inUse: number;
  /** Places it could use at once; 0 gives all back. */
  want: number;
  leaseMs: number;
};

/** How many calls a worker may have in flight, of how many over all workers. */
export type EndpointGrant = {
  slots: number;
  limit: number;
  breaker: BreakerState;
  /** Until the endpoint is tried again; 0 when it is not down. */
  probeInMs: number;
};

/** How an endpoint stands, for people. */
export type EndpointRow = EndpointName & {
  endpointId: number;
  limit: number;
  min: number;
  max: number;
  slowStart: boolean;
  cooldownUntil: Date | null;
  breaker: BreakerState;
  /** When a down endpoint is tried again. */
  probeAt: Date | null;
  lastAnswerAt: Date | null;
  reason: string;
  changedAt: Date;
  /** Workers that use it now, and the places they hold. */
  workers: number;
  slots: number;
};

/** A server of a policy, and how it stands; null for one that no worker has asked yet. */
export type ServerState = { endpoint: EndpointName; row: EndpointRow | null };

export type EndpointChange = { at: Date; limit: number; breaker: BreakerState; reason: string };
