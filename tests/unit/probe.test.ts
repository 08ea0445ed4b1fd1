import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import { gatherEvidence, type RolloutOutcome } from "@/lib/core/evidence";
import { runProbe, type ProbeTask } from "@/lib/core/probe";
import type { Policy, Turn } from "@/lib/core/ports";
import { paperRule } from "@/lib/core/rule";
import type { Step, TrajectoryDraft } from "@/lib/core/trajectory";
import { judgeSteps, segmentOf, type Verdict } from "@/lib/core/verdict";
import {
  begin,
  corridorActions,
  corridorEnvironment,
  move,
  optimal,
  policyOf,
  recordExpert,
  solvable,
} from "../support/corridor";

const map = "S.K.G";
const expert = recordExpert(map, ["right", "right", "left", "left", "leave"]);

/** Keeps what a rollout writes; `refuseAt` is the index of the step it refuses, as another owner would make it. */
function recorderOf(refuseAt = Infinity) {
  const kept = { calls: 0, steps: [] as Step[], indices: [] as number[] };
  const recorder: ProbeTask["recorder"] = {
    startCall: async () => {
      kept.calls += 1;
      return true;
    },
    recordStep: async (index, step) => {
      if (index === refuseAt) return false;
      kept.steps.push(step);
      kept.indices.push(index);
      return true;
    },
  };
  return { kept, recorder };
}

function taskOf(change: Partial<ProbeTask> & { from?: TrajectoryDraft } = {}): ProbeTask {
  const { from = expert, ...rest } = change;
  return {
    environment: corridorEnvironment(),
    policy: optimal(),
    conversation: { driverId: "corridor", instruction: from.instruction, opening: [] },
    subtaskKey: from.subtaskKey,
    expertSteps: from.steps,
    probe: { stateIndex: 0, attempt: 0 },
    maxSteps: 10,
    successThreshold: 1,
    seed: (index) => index,
    recorded: [],
    recorder: recorderOf().recorder,
    signal: new AbortController().signal,
    ...rest,
  };
}

const failing = (error: unknown): Policy => policyOf("failing", () => Promise.reject(error));

describe("runProbe", () => {
  it("lets the policy act until the episode is solved, and records each step", async () => {
    const { kept, recorder } = recorderOf();
    const end = await runProbe(taskOf({ recorder, probe: { stateIndex: 2, attempt: 0 } }));
    expect(end).toMatchObject({ status: "completed", reward: 1, success: true });
    expect(kept.steps.map((s) => s.action)).toEqual(["take", "right", "right", "open"]);
    expect(kept.indices).toEqual([0, 1, 2, 3]);
    expect(kept.calls).toBe(4);
    expect(kept.steps[0]).toMatchObject({
      observation: expert.steps[2]?.observation,
      reward: 0,
      messages: { input: [{ role: "user", content: expert.steps[2]?.observation }] },
    });
    expect(kept.steps[3]?.reward).toBe(1);
  });

  it("shows the policy the expert's prefix, its own steps, and seeds by its own step index", async () => {
    const turns: Turn[] = [];
    const policy = policyOf("watching", (turn) => {
      turns.push(turn);
      return "right";
    });
    await runProbe(
      taskOf({ policy, maxSteps: 3, probe: { stateIndex: 1, attempt: 0 }, seed: (i) => 100 + i }),
    );
    expect(turns.map((t) => t.history.length)).toEqual([1, 2, 3]);
    expect(turns.map((t) => t.seed)).toEqual([100, 101, 102]);
    expect(turns[2]?.history.map((s) => s.observation)).toEqual([
      expert.steps[0]?.observation,
      turns[0]?.observation.text,
      turns[1]?.observation.text,
    ]);
  });

  it("is completed without success when the steps run out, and when the policy leaves", async () => {
    const short = await runProbe(taskOf({ maxSteps: 5 }));
    expect(short).toMatchObject({ status: "completed", success: false, reward: 0 });
    expect(await runProbe(taskOf({ maxSteps: 6 }))).toMatchObject({ status: "completed", success: true });
    const leaving = await runProbe(taskOf({ policy: policyOf("leaving", () => "leave") }));
    expect(leaving).toMatchObject({ status: "completed", success: false, reward: 0 });
  });

  it("stops at the longest episode the environment allows, expert steps counted", async () => {
    const environment = corridorEnvironment();
    const limited = { ...environment, capabilities: { ...environment.capabilities, maxSteps: 4 } };
    const { kept, recorder } = recorderOf();
    const end = await runProbe(
      taskOf({ environment: limited, recorder, probe: { stateIndex: 3, attempt: 0 } }),
    );
    expect(end).toMatchObject({ status: "completed", success: false });
    expect(kept.steps).toHaveLength(1);
  });

  it("takes success from the threshold", async () => {
    expect(await runProbe(taskOf({ successThreshold: 1.1 }))).toMatchObject({ reward: 1, success: false });
  });

  it("is errored, never evidence, when the prefix diverges, and asks the policy nothing", async () => {
    const { kept, recorder } = recorderOf();
    const environment = corridorEnvironment({ driftsAt: 2 });
    const end = await runProbe(taskOf({ environment, recorder, probe: { stateIndex: 2, attempt: 0 } }));
    expect(end).toMatchObject({
      status: "errored",
      code: "replay_diverged",
      detail: { stepIndex: 2, recorded: expert.steps[2]?.observation },
    });
    expect(kept.calls).toBe(0);
  });

  it.each([
    ["endpoint_unavailable", new AppError("endpoint_unavailable", "no answer"), "no answer"],
    ["bad_reply", new AppError("bad_reply", "no action"), "no action"],
    ["internal", new TypeError("a bug"), "a bug"],
  ])("is errored with %s when the policy breaks", async (code, error, message) => {
    expect(await runProbe(taskOf({ policy: failing(error) }))).toEqual({
      status: "errored",
      code,
      message,
      detail: null,
    });
  });

  it("stops silently when a write is refused", async () => {
    const { kept, recorder } = recorderOf(1);
    expect(await runProbe(taskOf({ recorder }))).toBe("lost");
    expect(kept.steps).toHaveLength(1);
    const refusing = { ...recorder, startCall: async () => false };
    let asked = 0;
    const policy = policyOf("asked", () => `${(asked += 1)}`);
    expect(await runProbe(taskOf({ recorder: refusing, policy }))).toBe("lost");
    expect(asked).toBe(0);
  });

  it("stores a step with the intent of the next call where that can be one write, and none after the last", async () => {
    const writes: string[] = [];
    const wrote = (what: string) => async () => writes.push(what) > 0;
    const recorder = {
      startCall: wrote("call"),
      recordStep: wrote("step"),
      recordAndCall: wrote("step and call"),
    };
    const policy = policyOf("policy", () => {
      writes.push("asked");
      return "right";
    });
    await runProbe(taskOf({ recorder, policy, maxSteps: 3 }));
    const between = ["asked", "step and call"];
    expect(writes).toEqual(["call", ...between, ...between, "asked", "step"]);
    writes.length = 0;
    await runProbe(taskOf({ recorder, policy: policyOf("policy", () => "leave"), maxSteps: 3 }));
    expect(writes).toEqual(["call", "step"]);
    writes.length = 0;
    const taken = { ...recorder, recordAndCall: async () => writes.push("refused") < 0 };
    expect(await runProbe(taskOf({ recorder: taken, policy, maxSteps: 3 }))).toBe("lost");
    expect(writes).toEqual(["call", "asked", "refused"]);
  });

  it("is aborted by its signal: before it starts, between steps, and inside a call", async () => {
    expect(await runProbe(taskOf({ signal: AbortSignal.abort() }))).toBe("aborted");
    const between = new AbortController();
    const stopping = policyOf("stopping", () => {
      between.abort();
      return "right";
    });
    const { kept, recorder } = recorderOf();
    expect(await runProbe(taskOf({ policy: stopping, signal: between.signal, recorder }))).toBe("aborted");
    expect(kept.steps).toHaveLength(1);
    const inside = new AbortController();
    const throwing = policyOf("throwing", () => {
      inside.abort();
      throw new Error("aborted by the caller");
    });
    expect(await runProbe(taskOf({ policy: throwing, signal: inside.signal }))).toBe("aborted");
  });

  it("closes its episode whatever happened", async () => {
    let open = 0;
    const inner = corridorEnvironment();
    const environment = {
      ...inner,
      open: async (key: string) => {
        const episode = await inner.open(key);
        open += 1;
        return {
          start: episode.start,
          instruction: null,
          step: episode.step.bind(episode),
          close: async () => void (open -= 1),
        };
      },
    };
    await runProbe(taskOf({ environment }));
    await runProbe(taskOf({ environment, policy: failing(new Error("x")) }));
    await runProbe(taskOf({ environment, recorder: recorderOf(0).recorder }));
    expect(open).toBe(0);
  });
});

describe("a rollout taken up again", () => {
  it("repeats what was recorded and asks only for what was not", async () => {
    const whole = recorderOf();
    const first = await runProbe(taskOf({ recorder: whole.recorder }));
    for (let known = 0; known <= whole.kept.steps.length; known++) {
      const { kept, recorder } = recorderOf();
      const again = await runProbe(taskOf({ recorder, recorded: whole.kept.steps.slice(0, known) }));
      expect(again).toEqual(first);
      expect(kept.steps).toEqual(whole.kept.steps.slice(known));
      expect(kept.indices).toEqual(whole.kept.indices.slice(known));
      expect(kept.calls).toBe(whole.kept.steps.length - known);
    }
  });

  it("is errored when the environment does not repeat it", async () => {
    const whole = recorderOf();
    await runProbe(taskOf({ recorder: whole.recorder }));
    const environment = corridorEnvironment({ driftsAt: 3 });
    const { kept, recorder } = recorderOf();
    const end = await runProbe(taskOf({ environment, recorder, recorded: whole.kept.steps.slice(0, 4) }));
    expect(end).toMatchObject({ status: "errored", code: "replay_diverged", detail: { stepIndex: 3 } });
    expect(kept.calls).toBe(0);
  });
});

/** What every action did, by trying all continuations: the rule of eef.md with every state probed. */
function truth(at: string, actions: string[], steps: number): Verdict[] {
  const places = actions.reduce(
    (all, action) => [...all, move(at, all.at(-1) ?? begin(at), action)],
    [begin(at)],
  );
  const solved = places.map((place) => solvable(at, place, steps)).slice(0, -1);
  return actions.map((_, t) => {
    const after = solved[t + 1] ?? true;
    if (solved[t]) return after ? "redundant" : "harmful";
    return solved.slice(t).includes(true) ? "beneficial" : "dead_end";
  });
}

async function mined(at: string, actions: string[], steps: number): Promise<(Verdict | undefined)[]> {
  const from = recordExpert(at, actions);
  const rollouts: RolloutOutcome[] = [];
  for (let stateIndex = 0; stateIndex < actions.length; stateIndex++) {
    const { kept, recorder } = recorderOf();
    const end = await runProbe(
      taskOf({ from, recorder, maxSteps: steps, probe: { stateIndex, attempt: 0 } }),
    );
    if (typeof end === "string" || end.status === "errored") throw new Error(JSON.stringify(end));
    rollouts.push({
      stateIndex,
      attempt: 0,
      status: end.status,
      success: end.success,
      stepCount: kept.calls,
    });
  }
  const { segments } = judgeSteps(actions.length, gatherEvidence(rollouts), paperRule);
  return actions.map((_, t) => segmentOf(segments, t)?.verdict);
}

describe("verdicts from rollouts at every state", () => {
  it("are the truth in a corridor where it can be found by trying everything", async () => {
    const seen = new Set<Verdict>();
    const cell = fc.constantFrom(".", ".", ".", "o", "K");
    const corridors = fc.array(cell, { minLength: 0, maxLength: 4 }).map((cells) => `S${cells.join("")}G`);
    const wandering = fc.array(fc.constantFrom(...corridorActions.slice(0, 3)), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(corridors, wandering, fc.integer({ min: 1, max: 5 }), async (at, actions, steps) => {
        const expected = truth(at, actions, steps);
        expected.forEach((verdict) => seen.add(verdict));
        expect(await mined(at, actions, steps)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(["beneficial", "dead_end", "harmful", "redundant"]);
  });
});
