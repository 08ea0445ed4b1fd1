import { z } from "zod";
import { decisions, reviewTargets } from "@/lib/core/review";

/** The trajectory, as one run judges it, that a decision is on, or a vote in a review queue; `name` is what people call it. */
export const Page = z.object({
  trajectoryId: z.number(),
  runId: z.number(),
  queueId: z.number().nullable(),
  name: z.string(),
});
export type Page = z.infer<typeof Page>;

/** A wish with the version its person saw on the target. */
export const Sent = z.object({
  clientId: z.string(),
  target: z.enum(reviewTargets),
  targetIndex: z.number(),
  decision: z.enum(decisions),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  expectedVersion: z.number(),
});
export type Sent = z.infer<typeof Sent>;

const Failure = z.object({ code: z.string(), message: z.string(), fix: z.string().optional() });

/** A decision on its way; `failure` says why it did not arrive when it was sent last, `waiting` that it is to be sent. */
export const Unsaved = Sent.extend({ page: Page, waiting: z.boolean(), failure: Failure.nullable() });
export type Unsaved = z.infer<typeof Unsaved>;

/** What was decided at once, as what takes it back; `undoes` is the clientId of the decision. */
export const Made = z.object({ page: Page, back: z.array(Sent.extend({ undoes: z.string() })) });
export type Made = z.infer<typeof Made>;

/** What a browser tab keeps over a reload. */
export const Kept = z.object({ unsaved: z.array(Unsaved), made: z.array(Made) });
