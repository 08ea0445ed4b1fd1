import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordedDecisions } from "@/lib/core/review";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { listReviews } from "@/lib/usecases/review-history";
import { ReviewInput, reviewStep } from "@/lib/usecases/reviews";
import { Id, paged, pageOf, ReviewAnswer, ReviewListAnswer } from "../answers";
import { json, none } from "../route";

const filter = {
  decision: z.enum(recordedDecisions).nullable().default(null),
  verdictSeen: z.enum(seenVerdicts).nullable().default(null),
  reason: z.string().max(200).nullable().default(null),
  environmentId: Id.nullable().default(null),
  runId: Id.nullable().default(null),
  trajectoryId: Id.nullable().default(null),
  from: z.date().nullable().default(null).describe("Decided at this time or later."),
  until: z.date().nullable().default(null).describe("Decided before this time."),
  contradicting: z.boolean().default(false).describe("Only those that contradict the miner."),
  undone: z.boolean().nullable().default(null),
} satisfies Record<keyof Omit<ReviewFilter, "personId">, z.ZodType>;

const example: { body: z.input<typeof ReviewInput> } = {
  body: {
    ...{ runId: 1, trajectoryId: 1, target: "step", targetIndex: 2 },
    ...{ decision: "approve", reason: null, note: null, expectedVersion: 0 },
  },
};

export const reviewRoutes = {
  listReviews: json({
    method: "GET",
    path: "/reviews",
    summary: "Everybody's decisions, newest first",
    about: "A page may hold fewer rows than the next: go on until `next` is null.",
    scope: "read",
    ...{ params: {}, query: { ...filter, ...paged }, body: none },
    says: "A page of decisions",
    answer: pageOf(ReviewListAnswer),
    run: ({ deps }, { query: { cursor, limit, ...asked } }) =>
      listReviews(deps, { ...asked, personId: null }, cursor, limit),
  }),
  decide: json({
    method: "POST",
    path: "/reviews",
    summary: "Decide on an action or a solution",
    about:
      "`expectedVersion` is the `version` that was seen; when somebody decided since, this is a conflict and nothing is stored. Send the same `clientId` again to be sure that a decision arrived: it is stored once.",
    scope: "write",
    ...{ params: {}, query: {}, body: ReviewInput, example },
    status: 201,
    says: "The decision as it is stored",
    answer: ReviewAnswer,
    async run({ deps, person }, { body }) {
      await reviewStep(deps, person.personId, body);
      const all = await deps.store.reviews.list(body.runId, body.trajectoryId);
      const stored = all.find(
        ({ target, targetIndex, version }) =>
          target === body.target && targetIndex === body.targetIndex && version === body.expectedVersion + 1,
      );
      if (!stored) throw new AppError("internal", "the decision that was stored cannot be read");
      return stored;
    },
  }),
};
