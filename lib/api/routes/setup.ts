import { listEnvironments } from "@/lib/usecases/environments";
import { listPolicies } from "@/lib/usecases/policies";
import { EnvironmentAnswer, pageOf, PolicyAnswer } from "../answers";
import { json, none } from "../route";

/** What is set up once: what can be played in, and who plays. */
export const setupRoutes = {
  listEnvironments: json({
    method: "GET",
    path: "/environments",
    summary: "Environments with the number of their trajectories",
    about: "All of them at once: `next` is always null.",
    scope: "read",
    ...{ params: {}, query: {}, body: none },
    says: "The environments",
    answer: pageOf(EnvironmentAnswer),
    run: async ({ deps }) => ({ rows: await listEnvironments(deps), next: null }),
  }),
  listPolicies: json({
    method: "GET",
    path: "/policies",
    summary: "Policies: what acts in a run",
    about: "All of them at once: `next` is always null. Keys are never sent.",
    scope: "read",
    ...{ params: {}, query: {}, body: none },
    says: "The policies",
    answer: pageOf(PolicyAnswer),
    run: async ({ deps }) => ({ rows: await listPolicies(deps), next: null }),
  }),
};
