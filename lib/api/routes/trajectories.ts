import { z } from "zod";
import { trajectorySorts } from "@/lib/core/rows";
import { Filter } from "@/lib/usecases/selection";
import { listTrajectories, stepTexts } from "@/lib/usecases/trajectories";
import { Id, pagedBy, pageOf, StepAnswer, TrajectoryAnswer, TrajectoryListAnswer } from "../answers";
import { json, none } from "../route";
import { placeIn, placeAfter } from "../place";

const query = { ...Filter.shape, sort: z.enum(trajectorySorts).default("newest"), ...pagedBy(100) };

export const trajectoryRoutes = {
  listTrajectories: json({
    method: "GET",
    path: "/trajectories",
    summary: "Trajectories that a filter matches",
    about:
      "Without parameters: all of them. The same names make the `filter` of a run or a dataset. Where words are looked for " +
      "(`said`) a page may hold fewer than `limit`, even none: there is more while `next` is not null.",
    scope: "read",
    ...{ params: {}, query, body: none, example: { query: { source: "expert", success: "false" } } },
    says: "A page of trajectories, and how many match, exact up to 1,000",
    answer: pageOf(TrajectoryListAnswer).extend({
      count: z.object({ count: z.number().int(), capped: z.boolean() }),
    }),
    async run({ deps }, { query: { sort, cursor, limit, ...filter } }) {
      const { page, count } = await listTrajectories(deps, filter, sort, cursor, limit);
      return { ...page, count };
    },
  }),
  getTrajectory: json({
    method: "GET",
    path: "/trajectories/{trajectoryId}",
    summary: "A trajectory, without the text of its steps",
    scope: "read",
    ...{ params: { trajectoryId: Id }, query: {}, body: none },
    says: "The trajectory",
    answer: TrajectoryAnswer,
    run: ({ deps }, { params }) => deps.store.trajectories.about(params.trajectoryId),
  }),
  listSteps: json({
    method: "GET",
    path: "/trajectories/{trajectoryId}/steps",
    summary: "The steps of a trajectory, in order",
    about: "A page holds 400,000 characters at most, so that it may be shorter than `limit`.",
    scope: "read",
    ...{ params: { trajectoryId: Id }, query: pagedBy(50, 50), body: none },
    says: "A page of steps",
    answer: pageOf(StepAnswer),
    async run({ deps }, { params: { trajectoryId }, query: { cursor, limit } }) {
      const { stepCount } = await deps.store.trajectories.about(trajectoryId);
      const from = placeIn(cursor);
      const rows = (await stepTexts(deps, trajectoryId, from)).slice(0, limit);
      return { rows, next: placeAfter(from, rows.length, stepCount) };
    },
  }),
};
