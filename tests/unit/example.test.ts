import { describe, expect, it } from "vitest";
import { buildExample, cloneExample, type RenderedTrajectory } from "@/lib/core/build-example";
import { countExample, emptyCard, isTrainable } from "@/lib/core/dataset";
import { planExamples } from "@/lib/core/example-plan";
import { applyReviews, type RecordedDecision, type Review } from "@/lib/core/review";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";

/** One rollout per probed state, `solved[j]` for state `j * interval`. */
function judged(solved: number[], interval = 2, length = solved.length * interval) {
  const evidence = solved.map((y, j) => ({
    stateIndex: j * interval,
    attempts: 1,
    successes: y,
    errored: 0,
  }));
  return { length, evidence, judgement: judgeSteps(length, evidence, paperRule) };
}

let made = 0;
function decision(
  target: Review["target"],
  targetIndex: number,
  what: RecordedDecision,
  version = 1,
): Review {
  made += 1;
  const at = new Date(1_700_000_000_000 + made);
  return {
    reviewId: made,
    target,
    targetIndex,
    decision: what,
    version,
    reason: null,
    note: null,
    verdictSeen: null,
    reviewer: "ada",
    at,
  };
}

function plans(solved: number[], policy: "approved" | "not_vetoed", reviews: Review[] = []) {
  const { length, judgement } = judged(solved);
  return planExamples(judgement, applyReviews(length, judgement, reviews), policy);
}

describe("which examples a trajectory gives", () => {
  it("gives both solutions of the paper's figure when nothing was vetoed", () => {
    expect(plans([0, 1, 0, 1], "not_vetoed")).toEqual([
      { kind: "eef", importantState: 0, expertSteps: 2, trainedSteps: [0, 1], rolloutFrom: 2 },
      { kind: "eef", importantState: 4, expertSteps: 6, trainedSteps: [4, 5], rolloutFrom: 6 },
    ]);
  });

  it("takes pending for no approval", () => {
    expect(plans([0, 1, 0, 1], "approved")).toEqual([]);
    expect(plans([0, 1, 0, 1], "approved", [decision("step", 4, "approve")])).toEqual([
      { kind: "eef", importantState: 4, expertSteps: 6, trainedSteps: [4], rolloutFrom: 6 },
    ]);
  });

  it("keeps a vetoed action as context and drops a vetoed solution", () => {
    expect(plans([0, 1], "not_vetoed", [decision("step", 0, "veto")])[0]?.trainedSteps).toEqual([1]);
    expect(plans([0, 1], "not_vetoed", [decision("solution", 0, "veto")])).toEqual([]);
  });

  it("trains nothing that is disputed, whatever the policy", () => {
    const disputes = [decision("step", 0, "dispute"), decision("step", 1, "approve")];
    for (const policy of ["approved", "not_vetoed"] as const)
      expect(plans([0, 1], policy, disputes)[0]?.trainedSteps).toEqual([1]);
    expect(plans([0, 1], "not_vetoed", [decision("solution", 0, "dispute")])).toEqual([]);
  });

  it("trains the agent's part alone only where a person kept the solution", () => {
    const vetoes = [decision("step", 0, "veto"), decision("step", 1, "veto")];
    expect(plans([0, 1], "not_vetoed", vetoes)).toEqual([]);
    const kept = plans([0, 1], "not_vetoed", [...vetoes, decision("solution", 0, "approve")]);
    expect(kept).toEqual([
      { kind: "eef", importantState: 0, expertSteps: 2, trainedSteps: [], rolloutFrom: 2 },
    ]);
  });

  it("takes the agent's own success from state 0 as RFT, under approved once its solution is approved", () => {
    const rft = { kind: "rft", importantState: 0, expertSteps: 0, trainedSteps: [], rolloutFrom: 0 };
    expect(plans([1, 1], "not_vetoed")).toEqual([rft]);
    expect(plans([1, 1], "approved")).toEqual([]);
    expect(plans([1, 1], "approved", [decision("solution", 0, "approve")])).toEqual([rft]);
  });

  it("never trains a harmful action unless a person promoted it, and then once", () => {
    for (const plan of plans([0, 1, 0, 1], "not_vetoed")) expect(plan.trainedSteps).not.toContain(2);
    const promoted = plans([0, 1, 0, 1], "not_vetoed", [decision("step", 2, "promote")]);
    expect(promoted.flatMap((p) => p.trainedSteps).filter((s) => s === 2)).toEqual([2]);
  });

  it("gives promoted actions that no solution contains an example of their own", () => {
    expect(
      plans([1, 0], "approved", [decision("step", 1, "promote"), decision("step", 3, "promote")]),
    ).toEqual([
      { kind: "promoted", importantState: null, expertSteps: 4, trainedSteps: [1, 3], rolloutFrom: null },
    ]);
  });

  it("leaves out a solution whose expert part is undecided", () => {
    const evidence = [
      { stateIndex: 0, attempts: 1, successes: 0, errored: 0 },
      { stateIndex: 2, attempts: 1, successes: 1, errored: 0 },
    ];
    const judgement = judgeSteps(4, evidence, { ...paperRule, alpha: 0.975 });
    expect(judgement.segments[0]).toMatchObject({ verdict: "undecided", undecidedReason: "low_confidence" });
    expect(planExamples(judgement, applyReviews(4, judgement, []), "not_vetoed")).toEqual([]);
  });

  it("lets the newest decision count, and a withdrawal undo it", () => {
    const reviews = [decision("step", 0, "approve", 1), decision("step", 0, "withdraw", 2)];
    expect(plans([0, 1], "approved", reviews)).toEqual([]);
    expect(plans([0, 1], "approved", [...reviews, decision("step", 0, "approve", 3)])).toHaveLength(1);
  });
});

function rendered(length: number, name: string): RenderedTrajectory["steps"] {
  return Array.from({ length }, (_, t) => ({
    input: [{ role: "user" as const, content: `${name} sees ${t}` }],
    reply: { role: "assistant" as const, content: `${name} does ${t}` },
  }));
}

const trajectory: RenderedTrajectory = {
  trajectoryId: 7,
  contentHash: "abc",
  subtaskKey: "webshop_6",
  tools: null,
  environmentName: "shop",
  opening: [
    { role: "user", content: "rules" },
    { role: "assistant", content: "Ok." },
  ],
  steps: rendered(8, "expert"),
};

describe("an example", () => {
  const { length, evidence, judgement } = judged([0, 1, 0, 1]);
  const effective = applyReviews(length, judgement, []);
  const [first, second] = planExamples(judgement, effective, "not_vetoed");
  const run = { checkpoint: "pi-1", ruleVersion: "eef-1" as const };
  const rollout = { runId: 3, stateIndex: 6, attempt: 0, steps: rendered(2, "agent") };

  it("masks the history up to the important state and trains the expert part and the agent's steps", () => {
    if (!second) throw new Error("the figure has two solutions");
    const example = buildExample({ trajectory, run, evidence, effective, plan: second, rollout });
    const trained = example.messages.filter((m) => m.train).map((m) => m.content);
    expect(trained).toEqual(["expert does 4", "expert does 5", "agent does 0", "agent does 1"]);
    expect(example.messages.filter((m) => m.role !== "assistant" && m.train)).toEqual([]);
    expect(example.messages[1]).toMatchObject({ content: "Ok.", train: false });
    expect(example.messages.map((m) => m.content)).toContain("expert does 2");
  });

  it("says of every turn where it comes from", () => {
    if (!first) throw new Error("the figure has two solutions");
    const example = buildExample({
      trajectory,
      run,
      evidence,
      effective,
      plan: first,
      rollout: { ...rollout, stateIndex: 2 },
    });
    for (const turn of example.provenance.turns)
      expect(example.messages[turn.messageIndex]).toMatchObject({ role: "assistant", train: turn.train });
    expect(example.provenance.turns.map((t) => `${t.source}:${t.stepIndex}:${t.verdict}`)).toEqual([
      "expert:0:beneficial",
      "expert:1:beneficial",
      "agent:0:null",
      "agent:1:null",
    ]);
  });

  it("clones a solved expert trajectory with every turn but the opening's trained", () => {
    const example = cloneExample(trajectory);
    expect(example.messages.filter((m) => m.train)).toHaveLength(8);
    const card = emptyCard("approved");
    countExample(card, example);
    expect(card).toMatchObject({
      examples: { bc: 1 },
      trainedTurns: 8,
      maskedTurns: 1,
      environments: ["shop"],
    });
    expect(isTrainable({ ...example, messages: example.messages.map((m) => ({ ...m, train: false })) })).toBe(
      false,
    );
  });
});
