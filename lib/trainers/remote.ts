import OpenAI from "openai";
import type { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { failureOf, type Place } from "./failure";

/** How a service is reached: where it is, and how long one call other than an upload may take. */
export type Reached = { baseURL: string; timeoutMs: number };

export const UPLOAD_TIMEOUT_MS = 3_600_000;

/** A service that fine-tunes, called one request at a time; nothing is sent twice, and what fails is sorted. */
export class Remote {
  readonly client: OpenAI;
  readonly place: Place;

  constructor({ baseURL, timeoutMs }: Reached, secret: string | null) {
    this.place = { origin: new URL(baseURL).origin, secret };
    this.client = new OpenAI({
      baseURL,
      // Servers of one's own take any key, but the client insists on one.
      apiKey: secret ?? "none",
      organization: null,
      project: null,
      // What is sent again must first be looked for.
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: "off",
      // Where the key goes was chosen by a person: not by a redirect.
      fetch: (input, init) => fetch(input, { ...init, redirect: "manual" }),
    });
  }

  /** @throws TrainerBusy, AppError as `failureOf` sorts them */
  async asked<T>(signal: AbortSignal, call: (options: { signal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await call({ signal });
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, this.place);
    }
  }

  /** An answer, checked. @throws TrainerBusy where it is of another shape */
  read<T>(Shape: z.ZodType<T>, answer: unknown): T {
    const result = Shape.safeParse(answer);
    if (result.success) return result.data;
    throw failureOf(new SyntaxError("an answer of another shape"), this.place);
  }

  /** What is thrown where it cannot be known whether a request was carried out. */
  unknown(what: string): AppError {
    return new AppError(
      "conflict",
      `${this.place.origin}: an answer was lost, and it has no list that tells whether ${what}`,
      { fix: "look at the provider’s own pages, then start the training again" },
    );
  }
}
