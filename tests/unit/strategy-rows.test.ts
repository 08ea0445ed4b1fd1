import { expect, it } from "vitest";
import { strategyRows } from "@/lib/core/strategies/rows";
import type { StepCall } from "@/lib/core/strategies/strategy";

const letters = (steps: StepCall[]) =>
  steps.map(({ call, considered }) => (considered ? call[0] : "-")).join("");

it("the review page shows every strategy, who was asked, and counts the newest completed critique only", () => {
  const step = { observation: "o", thought: null, action: "a", reward: null, messages: null };
  const draft = {
    environment: "e",
    subtaskKey: "s",
    instruction: "i",
    source: "expert" as const,
    model: null,
  };
  const rest = { opening: [], tools: null, finalObservation: null, externalId: null, contentHash: "h" };
  const trajectory = {
    ...{ ...draft, ...rest, reward: 1, success: true, steps: [step, step] },
    ...{ trajectoryId: 1, environmentId: 1, createdAt: new Date(0) },
  };
  const critique = {
    ...{ critiqueId: 1, trajectoryId: 1, policyId: 1, policy: "judge", status: "completed" as const },
    ...{
      checkpoint: "judge-1",
      promptVersion: "critic@1",
      promptTokens: 1,
      completionTokens: 1,
      errorCode: null,
    },
    ...{ errorMessage: null, askedBy: "Ada", askedAt: new Date(0), finishedAt: null },
    steps: (["harmful", "helpful"] as const).map((call, stepIndex) => ({
      stepIndex,
      call,
      reason: "because",
    })),
  };
  const broken = { ...critique, status: "errored" as const, steps: null, errorMessage: "no answer" };
  const rows = strategyRows(trajectory, null, { counting: critique, newest: broken });
  expect(rows.strategies.map(({ label, steps }) => `${label} ${letters(steps)}`)).toEqual([
    "EEF --",
    "RFT --",
    "BC tt",
    "IPR uu",
    "Critic et",
  ]);
  expect(rows.strategies.map(({ level }) => level).at(-1)).toBe("an opinion, no rollout");
  expect(rows.disagreements).toEqual([{ pair: "bc-critic", steps: [0] }]);
  expect(rows.critique).toMatchObject({ status: "errored", errorMessage: "no answer" });
});
