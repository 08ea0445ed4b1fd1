import { describe, expect, it } from "vitest";
import { policyDraftOf, pricesOf } from "@/app/policies/draft";
import { concurrencyIn, emptyPolicy, pricesIn } from "@/components/policy/policy-draft";
import { doubled, noBudget, runBudgetOf } from "@/components/run/budget-draft";
import { limitPoints, limitWords } from "@/components/run/limit-words";
import { newDraft, ruleDefaultOf, settingsOf } from "@/components/run/run-draft";
import { formatMoney } from "@/components/ui/numbers";
import { RunBudget } from "@/lib/core/run-budget";
import { OpenAIConfig } from "@/lib/policies/openai";

const config = { baseURL: "http://h/v1", model: "m" };

describe("an endpoint as it is typed in", () => {
  it("has its prices per million tokens, stored per thousand, and comes back as it was", () => {
    const typed = { promptPrice: "0.15", completionPrice: "0.6" };
    const prices = pricesIn({ ...emptyPolicy, ...typed });
    expect(prices).toEqual({ promptPer1k: 0.00015, completionPer1k: 0.0006 });
    const stored = OpenAIConfig.parse({ ...config, prices });
    expect(policyDraftOf({ name: "p", config: stored })).toMatchObject(typed);
    expect(pricesOf(stored)).toEqual(prices);
    expect(pricesOf({})).toBeNull();
  });

  it("has both prices or none", () => {
    expect(pricesIn(emptyPolicy)).toBeNull();
    expect(pricesIn({ promptPrice: "1", completionPrice: "" })).toBeUndefined();
    expect(pricesIn({ promptPrice: "-1", completionPrice: "2" })).toBeUndefined();
    expect(pricesIn({ promptPrice: "0", completionPrice: "2" })).toEqual({
      promptPer1k: 0,
      completionPer1k: 0.002,
    });
  });

  it("has a fixed number of calls at once, or bounds that ascend", () => {
    const fixed = { ...emptyPolicy, concurrency: "fixed" as const, fixed: "7" };
    expect(concurrencyIn(fixed)).toBe(7);
    expect(concurrencyIn({ ...fixed, fixed: "0" })).toBeNull();
    const bounds = { start: 4, min: 2, max: 9 };
    const typed = { ...emptyPolicy, start: "4", min: "2", max: "9" };
    expect(concurrencyIn(typed)).toEqual(bounds);
    expect(concurrencyIn({ ...typed, min: "5" })).toBeNull();
    for (const concurrency of [7, bounds]) {
      const stored = OpenAIConfig.parse({ ...config, concurrency });
      expect(concurrencyIn(policyDraftOf({ name: "p", config: stored }))).toEqual(concurrency);
    }
    expect(OpenAIConfig.parse(config).concurrency).toEqual(concurrencyIn(emptyPolicy));
  });
});

describe("a run as it is typed in", () => {
  it("has a budget where a limit is given, and none while a number is wrong", () => {
    expect(runBudgetOf(noBudget)).toEqual(RunBudget.parse({}));
    expect(runBudgetOf({ ...noBudget, maxCalls: "500", maxCost: "2.5" })).toEqual(
      RunBudget.parse({ maxCalls: 500, maxCost: 2.5 }),
    );
    expect(runBudgetOf({ ...noBudget, maxTokens: "1.5" })).toBeNull();
    expect(doubled(RunBudget.parse({ maxCalls: 30 }))).toEqual({
      maxCalls: "60",
      maxTokens: "",
      maxCost: "",
    });
  });

  it("asks the preset's rule unless another is chosen", () => {
    const careful = { ...newDraft(1), preset: "careful" as const };
    expect(ruleDefaultOf("careful")).toBe("eef-2");
    expect(settingsOf(careful)).toMatchObject({ minAttempts: 1, ruleVersion: "eef-2" });
    const strict = {
      ...newDraft(1),
      preset: "uniform" as const,
      minAttempts: 4,
      ruleVersion: "eef-2" as const,
    };
    expect(settingsOf(strict)).toMatchObject({ minAttempts: 4, ruleVersion: "eef-2" });
  });
});

it("the history of a limit says from what to what and why, and stands at none while the server is down", () => {
  const change = (s: number, limit: number, breaker: "closed" | "open", reason: string) => ({
    at: new Date(s * 1000),
    limit,
    breaker,
    reason,
  });
  const changes = [
    change(1, 20, "closed", "first call"),
    change(2, 40, "closed", "20 calls in a row were welcome"),
    change(3, 32, "closed", "9 calls of 40 were refused as too many"),
    change(4, 32, "open", "5 calls in a row failed"),
    change(5, 20, "closed", "the endpoint answers again"),
  ];
  expect(changes.map((_, i) => limitWords(changes, i))).toEqual([
    "20 calls at once: first call",
    "grew from 20 to 40: 20 calls in a row were welcome",
    "cut from 40 to 32: 9 calls of 40 were refused as too many",
    "paused: 5 calls in a row failed",
    "went on with 20 calls at once: the endpoint answers again",
  ]);
  expect(limitPoints(changes, new Date(9000)).map(({ calls }) => calls)).toEqual([20, 40, 32, 0, 20, 20]);
});

it("money is shown to what matters", () => {
  expect([0, 0.00001, 0.0042, 3.756, 1234.5].map(formatMoney)).toEqual([
    "0.00",
    "< 0.0001",
    "0.0042",
    "3.76",
    "1,235",
  ]);
});
