import type { LimitSettings } from "./limit";

/** A model behind a server: what shares one limit on parallel calls. `baseURL` carries no name, password or query. */
export type EndpointName = { baseURL: string; model: string };

/** The name under which the calls of a policy's server and model are counted. @throws TypeError when it is no address */
export function endpointNameOf({ baseURL, model }: EndpointName): EndpointName {
  const { origin, pathname } = new URL(baseURL);
  return { baseURL: origin + pathname.replace(/\/+$/, ""), model };
}

/**
 * What one call to a model server came to. `rate_limit` and `transient` say something of the server and are worth
 * repeating; `auth` is a matter of configuration; `context_overflow`, `content_filter`, `refused` are about this one
 * request; `bad_output` is a reply no action can be read in; `aborted` says nothing.
 * Source: reliability.md section 2
 */
export type Outcome =
  | { kind: "rate_limit"; retryAfterMs: number | null }
  | {
      kind:
        | "ok"
        | "transient"
        | "context_overflow"
        | "content_filter"
        | "refused"
        | "auth"
        | "bad_output"
        | "aborted";
      /** What a transient failure was, in a few words. */
      what?: string;
    };

/** One call's place among those in flight; to be left exactly once. */
export type Pass = { leave(outcome: Outcome): void };

/** The way to one endpoint: how many calls are in flight at once, and whether any are made at all. */
export interface Gate {
  /** Waits for a place, for as long as it takes. @throws the signal's reason */
  enter(signal: AbortSignal): Promise<Pass>;
  /**
   * The same for a caller that can go elsewhere: null as soon as the endpoint counts as down, unless this call is the one
   * that tries whether it is back. @throws the signal's reason
   */
  enterUnlessDown(signal: AbortSignal): Promise<Pass | null>;
  /**
   * Whether calls are held back while the endpoint is down. A caller then need not give up on failures that hit
   * everybody, only on those that hit nobody else.
   */
  readonly pauses: boolean;
  /** How often the endpoint answered anybody here so far; only ever grows. */
  readonly answers: number;
  /** Takes one from the budget of retries; false when it is used up and the retry should take its time. */
  spendRetry(): boolean;
}

/** The gate of an endpoint, with the limits its policy asks for. */
export type Gates = (endpoint: EndpointName, limits: LimitSettings) => Gate;

/** Lets every call through and gives every failure its full weight: for a policy that is tried out on its own. */
export function openGate(): Gate {
  let answers = 0;
  const enter = async (signal: AbortSignal): Promise<Pass> => {
    signal.throwIfAborted();
    return {
      leave: ({ kind }) => {
        if (kind === "ok" || kind === "bad_output") answers += 1;
      },
    };
  };
  return {
    pauses: false,
    get answers() {
      return answers;
    },
    enter,
    enterUnlessDown: enter,
    spendRetry: () => true,
  };
}
