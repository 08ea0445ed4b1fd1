import { expect, it } from "vitest";
import { nextStep } from "@/app/next-step";
import { chosenBy } from "@/app/selection";
import { configOf, draftOf, emptyDraft } from "@/components/environment/environment-draft";
import { alphaLimit } from "@/components/run/alpha";
import { newDraft, settingsOf } from "@/components/run/run-draft";
import { formatExpected, minAttemptsOffered, wrongWords } from "@/components/run/rule-words";
import {
  faultClasses,
  ratePerMinute,
  remainingMs,
  rolloutHref,
  rolloutParts,
  workerWord,
} from "@/components/run/run-words";
import { filterWords } from "@/components/run/selection-words";
import { numberIn } from "@/components/ui/number-field";
import { environments } from "@/lib/environments/registry";
import { RunConfig } from "@/lib/core/run";
import { RunBudget } from "@/lib/core/run-budget";
import type { Overview, RunProgress } from "@/lib/core/rows";

const none = { beneficial: 0, harmful: 0, redundant: 0, dead_end: 0, undecided: 0 };

it("an address names ids, or a filter, or every failed expert trajectory", () => {
  expect(chosenBy({ ids: "3,1,3,x,-2,0" })).toEqual({ trajectoryIds: [3, 1] });
  expect(chosenBy({ ids: ["1", "2"] })).toEqual({ trajectoryIds: [1, 2] });
  expect(chosenBy({})).toMatchObject({ filter: { source: "expert", success: false, runId: null } });
  expect(chosenBy({ ids: "", run: "4", outcome: "any" })).toMatchObject({
    filter: { success: null, runId: 4 },
  });
});

it("a filter reads as a sentence", () => {
  const filter = filterOf("environment=1&run=9&verdict=dead_end");
  const names = { environments: [{ environmentId: 1, name: "shop" }], runs: [] };
  expect(filterWords(filter, names)).toBe(
    "failed expert trajectories in shop in run “9” with dead end actions",
  );
  expect(filterWords(filterOf("coverage=remaining"), names)).toBe(
    "failed expert trajectories of tasks not solved yet",
  );
});

function filterOf(query: string) {
  const chosen = chosenBy(Object.fromEntries(new URLSearchParams(query)));
  if (!("filter" in chosen)) throw new Error("not a filter");
  return chosen.filter;
}

it("the paper preset ignores what was typed for the other, and a wrong number asks for nothing", () => {
  const draft = { ...newDraft(1), attempts: "many" };
  expect(settingsOf(draft)).toEqual({
    preset: "paper",
    config: { states: 5, attempts: 1, maxSteps: 15, seed: 0 },
    alpha: 0,
  });
  expect(settingsOf({ ...draft, preset: "uniform" })).toBeNull();
  expect(settingsOf({ ...draft, preset: "uniform", attempts: "8", alpha: 0.95 })).toMatchObject({
    config: { states: 5, attempts: 8 },
    alpha: 0.95,
  });
  expect(settingsOf({ ...draft, maxSteps: "0" })).toBeNull();
  // An adaptive preset asks the confidence it stops at, whatever was typed for another.
  for (const preset of ["careful", "find"] as const) {
    const settings = settingsOf({ ...draft, preset, budget: "40" });
    expect(settings).toMatchObject({ preset, config: { states: 5, [preset]: { budget: 40 } } });
    expect(settings).not.toHaveProperty("alpha");
    expect(settingsOf({ ...draft, preset, budget: "0" })).toBeNull();
  }
});

it("numbers are read only within their bounds, whole where the step is whole", () => {
  const range = { min: 1, max: 64, step: 1 };
  expect(["", " ", "1.5", "0", "65", "1e1", "x"].map((text) => numberIn(text, range))).toEqual([
    null,
    null,
    null,
    null,
    null,
    10,
    null,
  ]);
  expect(numberIn("0.05", { min: 0, max: 2, step: 0.05 })).toBe(0.05);
});

it("says when the rollouts per state can never reach α", () => {
  expect(alphaLimit(0.9, 1)).toBeNull();
  expect(alphaLimit(0.95, 1)).toContain("1 rollout per state");
  expect(alphaLimit(0.975, 4)).toBeNull();
});

const progress = (rollouts: Partial<RunProgress["rollouts"]>): RunProgress => ({
  trajectories: { total: 1, done: 0, errored: 0, diverged: 0 },
  rollouts: { queued: 0, running: 0, completed: 0, errored: 0, cancelled: 0, succeeded: 0, ...rollouts },
  calls: 0,
  promptTokens: 0,
  completionTokens: 0,
  verdicts: none,
});

const unlimited = { budget: RunBudget.parse({}), prices: null };
const uniform = { ...unlimited, config: RunConfig.parse({ preset: "uniform" }) };

it("what is left of a run follows from its pace over the last minutes, once there is one", () => {
  const startedAt = new Date(0);
  const minutes = (...perMinute: number[]) => ({ perMinute: [...Array<number>(10).fill(50), ...perMinute] });
  const rate = ratePerMinute({ startedAt }, minutes(10, 10, 0, 10, 10), new Date(3_600_000));
  expect(rate).toBe(8);
  expect(remainingMs(uniform, progress({ completed: 600, queued: 15, running: 1 }), rate)).toBe(120_000);
  expect(ratePerMinute({ startedAt }, minutes(0, 0, 0, 0, 10), new Date(30_000))).toBe(20);
  expect(ratePerMinute({ startedAt }, minutes(0, 0, 0, 0, 4), new Date(3_600_000))).toBeNull();
  expect(ratePerMinute({ startedAt: null }, minutes(9, 9, 9, 9, 9), new Date(3_600_000))).toBeNull();
  expect(remainingMs(uniform, progress({ queued: 5 }), null)).toBeNull();
  const adaptive = { ...unlimited, config: RunConfig.parse({ preset: "find", find: {} }) };
  const many = {
    ...progress({ completed: 10, queued: 5 }),
    trajectories: { total: 4, done: 0, errored: 0, diverged: 0 },
  };
  expect(remainingMs(adaptive, many, 5)).toBeNull();
  // One trajectory took ten rollouts, so the three that are open take thirty.
  many.trajectories.done = 1;
  expect(remainingMs(adaptive, many, 5)).toBe(360_000);
  expect(rolloutParts(progress({ completed: 3, running: 1 })).map((part) => part.word)).toEqual([
    "done",
    "running",
  ]);
});

it("a stored environment comes back as the fields that made it, and as JSON where they cannot say it", () => {
  const files = { catalogue: { kind: "files", items: "/a", instructions: "/b", nouns: "/c" } };
  const stored = (config: unknown, driver = "webshop") => draftOf({ name: "shop", driver, config });
  const said = { ...files, observationMode: "text", priceSeed: 3, goals: "synthetic", showAttributes: true };
  const back = stored(said);
  expect(back.advanced).toBe(false);
  expect(configOf(back)).toEqual({ ok: true, config: said });
  // What is not asked for any more is not sent.
  const built = { ...back, values: { ...back.values, "catalogue.kind": "built-in" } };
  expect(configOf(built)).toMatchObject({ config: { catalogue: { kind: "built-in" } } });
  expect(configOf({ ...back, values: { ...back.values, priceSeed: "3.5" } })).toMatchObject({ ok: false });
  const more = stored({ ...said, maxProducts: 5 });
  expect(configOf(more)).toEqual({ ok: true, config: { ...said, maxProducts: 5 } });
  expect(configOf({ ...more, advanced: true, json: "[1]" })).toMatchObject({ ok: false });
  expect(configOf({ ...more, advanced: true, json: "{" })).toMatchObject({ ok: false });
});

it("what a driver's form asks for at first is a configuration the driver takes", () => {
  for (const driver of Object.values(environments)) {
    const draft = emptyDraft(driver.driverId);
    expect(draft.advanced).toBe(false);
    const server: Record<string, string> =
      "server" in draft.values ? { server: "http://127.0.0.1:36001" } : {};
    const read = configOf({ ...draft, values: { ...draft.values, ...server } });
    if (!read.ok) throw new Error(read.reason);
    const given: unknown = JSON.parse(JSON.stringify(driver.Config.parse(read.config)));
    // What is stored means the same after it went through the form.
    const again = configOf(draftOf({ name: "x", driver: driver.driverId, config: given }));
    expect(again.ok && driver.Config.parse(again.config)).toEqual(driver.Config.parse(given));
  }
});

it("the overview offers the next thing to do", () => {
  const at = (change: Partial<Overview>, failed: number): string =>
    nextStep({
      environments: [
        { environment: "e", expertSolved: 1, expertFailed: failed, expertUnknown: 0, nowSolved: 0 },
      ],
      verdicts: none,
      review: { toReview: 0, reviewed: 0 },
      counts: { trajectories: 1 + failed, runs: 0, rollouts: 0, datasets: 0, capped: false },
      ...change,
    }).href;
  const mined = { ...none, harmful: 2 };
  expect(at({}, 0)).toBe("/import");
  expect(at({}, 3)).toBe("/runs/new");
  expect(at({ verdicts: mined, review: { toReview: 2, reviewed: 1 } }, 3)).toBe(
    "/trajectories?review=pending",
  );
  expect(at({ verdicts: mined, review: { toReview: 2, reviewed: 2 } }, 3)).toBe("/datasets/new");
});

it("offers as many rollouts per state as there are, and what is asked for now", () => {
  expect(minAttemptsOffered(1, 4)).toEqual([1, 2, 3, 4]);
  expect(minAttemptsOffered(7, 2)).toEqual([1, 2, 7]);
  expect(minAttemptsOffered(1, null).at(-1)).toBe(16);
});

it("says how many verdicts are expected to be wrong, of how many", () => {
  const wrong = { claims: 24, expectedWrong: 1.27, actions: 61, expectedWrongActions: 4 };
  expect(wrongWords(wrong)).toEqual({
    value: "≥ 1.3 of 24",
    note: "beneficial and harmful verdicts (5 %), about 61 actions",
  });
  expect(wrongWords({ ...wrong, claims: 0 }).value).toBe("–");
  expect([0.04, 9.94, 9.96, 1234.5].map(formatExpected)).toEqual(["0.0", "9.9", "10", "1,235"]);
});

it("puts what broke together by class, and leads to the rollout", () => {
  const fault = (code: string, message: string, rollouts: number) => ({
    code,
    message,
    rollouts,
    examples: [],
  });
  const classes = faultClasses([fault("poison", "a", 3), fault("internal", "b", 2), fault("poison", "c", 1)]);
  expect(classes.map(({ code, rollouts, faults }) => [code, rollouts, faults.length])).toEqual([
    ["poison", 4, 2],
    ["internal", 2, 1],
  ]);
  expect(rolloutHref(3, { rolloutId: 9, trajectoryId: 4, stateIndex: 5, attempt: 0 })).toBe(
    "/trajectories/4?run=3&rollout=9#step-5",
  );
  expect(workerWord("command:12:ab34cd56")).toBe("command:12");
});
