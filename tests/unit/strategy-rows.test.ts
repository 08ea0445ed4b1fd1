import { expect, it } from "vitest";
import type { StrategyRow } from "@/lib/core/review-rows";
import { strategyRows } from "@/lib/core/strategies/rows";

const letters = (said: StrategyRow["said"]) =>
  said.map(({ from, to, call, considered }) => `${from}-${to}${considered ? call[0] : "-"}`).join(" ");

it("the review page shows every strategy, who was asked, and counts the newest completed critique only", () => {
  const trajectory = { source: "expert", reward: 1, success: true, stepCount: 3 } as const;
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
    steps: (["harmful", "helpful", "helpful"] as const).map((call, stepIndex) => ({
      stepIndex,
      call,
      reason: "because",
    })),
  };
  const broken = { ...critique, status: "errored" as const, steps: null, errorMessage: "no answer" };
  const rows = strategyRows(trajectory, null, { counting: critique, newest: broken });
  expect(rows.strategies.map(({ label, said }) => `${label} ${letters(said)}`)).toEqual([
    "EEF 0-3-",
    "RFT 0-3-",
    "BC 0-3t",
    "IPR 0-3u",
    "Critic 0-1e 1-3t",
  ]);
  expect(rows.strategies.map(({ level }) => level).at(-1)).toBe("an opinion, no rollout");
  expect(rows.disagreements).toEqual([{ pair: "bc-critic", steps: [0] }]);
  expect(rows.critique).toMatchObject({ status: "errored", errorMessage: "no answer" });
});
