import { z } from "zod";
import {
  cancelRun,
  listRuns,
  pauseRun,
  planRun,
  RunInput,
  runView,
  startRun,
  unpauseRun,
} from "@/lib/usecases/runs";
import { verdictReports } from "@/lib/usecases/verdicts";
import {
  Id,
  paged,
  pageOf,
  PlanAnswer,
  ProgressAnswer,
  RunAnswer,
  RunViewAnswer,
  VerdictAnswer,
} from "../answers";
import { json, lines, none } from "../route";

const example: { body: z.input<typeof RunInput> } = {
  body: {
    name: "first run",
    policyId: 1,
    selection: { filter: { source: "expert", success: false } },
    preset: "paper",
  },
};

export const runRoutes = {
  planRun: json({
    method: "POST",
    path: "/runs/plan",
    summary: "What a run would cost",
    about: "Nothing is started. Takes what starting a run takes.",
    scope: "read",
    ...{ params: {}, query: {}, body: RunInput, example },
    says: "Rollouts and model calls, about and at most",
    answer: PlanAnswer,
    run: ({ deps }, { body }) => planRun(deps, body),
  }),
  startRun: json({
    method: "POST",
    path: "/runs",
    summary: "Start mining failed expert trajectories",
    about: "Workers do it: read the run until `finishedAt` is not null.",
    scope: "write",
    ...{ params: {}, query: {}, body: RunInput, example },
    status: 201,
    says: "The run that has begun",
    answer: RunAnswer,
    run: ({ deps, person }, { body }) => startRun(deps, person.personId, body),
  }),
  listRuns: json({
    method: "GET",
    path: "/runs",
    summary: "Runs, newest first",
    scope: "read",
    ...{ params: {}, query: paged, body: none },
    says: "A page of runs, each with how far it is",
    answer: pageOf(z.object({ run: RunAnswer, progress: ProgressAnswer })),
    async run({ deps }, { query }) {
      const { rows, next } = await listRuns(deps, query.cursor, query.limit);
      return { rows: rows.map(({ progress, ...run }) => ({ run, progress })), next };
    },
  }),
  getRun: json({
    method: "GET",
    path: "/runs/{runId}",
    summary: "A run, how far it is and what broke",
    scope: "read",
    ...{ params: { runId: Id }, query: {}, body: none },
    says: "The run",
    answer: RunViewAnswer,
    run: ({ deps }, { params }) => runView(deps, params.runId),
  }),
  cancelRun: json({
    method: "POST",
    path: "/runs/{runId}/cancel",
    summary: "Stop a run; what was found stays",
    about: "A run that does not go on is a conflict.",
    scope: "write",
    ...{ params: { runId: Id }, query: {}, body: none },
    says: "The run as it now is",
    answer: RunViewAnswer,
    async run({ deps }, { params }) {
      await cancelRun(deps, params.runId);
      return runView(deps, params.runId);
    },
  }),
  pauseRun: json({
    method: "POST",
    path: "/runs/{runId}/pause",
    summary: "Hold a run: nothing new begins, and what is running is given back with its steps",
    about: "A run that is not queued or running is a conflict.",
    scope: "write",
    ...{ params: { runId: Id }, query: {}, body: none },
    says: "The run as it now is",
    answer: RunViewAnswer,
    async run({ deps }, { params }) {
      await pauseRun(deps, params.runId);
      return runView(deps, params.runId);
    },
  }),
  resumeRun: json({
    method: "POST",
    path: "/runs/{runId}/resume",
    summary: "Go on with a run that was paused",
    about: "A run that is not paused is a conflict.",
    scope: "write",
    ...{ params: { runId: Id }, query: {}, body: none },
    says: "The run as it now is",
    answer: RunViewAnswer,
    async run({ deps }, { params }) {
      await unpauseRun(deps, params.runId);
      return runView(deps, params.runId);
    },
  }),
  listVerdicts: lines({
    method: "GET",
    path: "/runs/{runId}/verdicts",
    summary: "What a run says of every action",
    about:
      "One line per trajectory, in trajectory order, as they are read; a run that goes on says what it knows.",
    scope: "read",
    params: { runId: Id },
    query: { trajectoryId: Id.nullable().default(null).describe("Only of this one.") },
    body: none,
    says: "Probed states, a verdict per action, and solutions",
    answer: VerdictAnswer,
    run: ({ deps }, { params, query }) => verdictReports(deps, params.runId, query.trajectoryId),
  }),
};
