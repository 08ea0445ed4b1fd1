import { beforeAll, describe, expect, it } from "vitest";
import { gatherEvidence } from "@/lib/core/evidence";
import { planProbes, seedOf } from "@/lib/core/plan";
import type { Environment, Policy, Turn } from "@/lib/core/ports";
import { runProbe } from "@/lib/core/probe";
import { recordEpisode } from "@/lib/core/record";
import { paperRule } from "@/lib/core/rule";
import type { Step, Subtask, TrajectoryDraft } from "@/lib/core/trajectory";
import { judgeSteps } from "@/lib/core/verdict";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { refusedIn, situationOf, stockAfter } from "@/lib/policies/crafter-memory";
import { actionOf, planFor } from "@/lib/policies/crafter-plan";
import { readSheet, workOut } from "@/lib/policies/crafter-sheet";
import { connectPolicy } from "../support/policies";

const text = [
  "Crafting commands:",
  "craft 4 ash board using 1 ash trunk",
  "craft 4 beech board using 1 beech trunk",
  "craft 4 rod using 2 board",
  "craft 9 ice using 1 packed ice",
  "craft 1 stool using 1 board, 6 rod, 1 stone",
  "craft 1 cut stone using 4 stone",
  "",
  "Goal: craft stool.",
].join("\n");
const sheet = readSheet(text) ?? { goal: "", commands: [] };

/** A conversation in which these actions were answered so. */
function turnAfter(told: [action: string, answer: string][], over: Partial<Turn> = {}): Turn {
  const seen = [text, ...told.map(([, answer]) => answer)];
  const history: Step[] = told.map(([action], t) => ({
    ...{ observation: seen[t] ?? "", thought: null, action, reward: 0, messages: null },
  }));
  return {
    conversation: { driverId: "textcraft", instruction: "craft stool", opening: [] },
    history,
    observation: { text: seen.at(-1) ?? "", actions: null },
    seed: 1,
    affinity: "",
    signal: new AbortController().signal,
    ...over,
  };
}

describe("what a crafter reads", () => {
  it("finds goal and commands, after whatever stands before them", () => {
    expect(sheet.goal).toBe("stool");
    expect(sheet.commands).toHaveLength(6);
    expect(sheet.commands[4]).toEqual({
      product: "stool",
      count: 1,
      parts: [
        { name: "board", count: 1 },
        { name: "rod", count: 6 },
        { name: "stone", count: 1 },
      ],
    });
    expect(readSheet(`Crafting commands:\n${text}`)).toEqual(sheet);
    expect(readSheet("Got 1 clay")).toBeNull();
  });

  it("tells general names from things, and how far each is", () => {
    const { kinds, depth } = workOut(sheet, new Set());
    expect([...kinds]).toEqual([["board", ["ash board", "beech board"]]]);
    expect(["stone", "ash board", "board", "rod", "stool"].map((name) => depth.get(name))).toEqual([
      0, 1, 1, 2, 3,
    ]);
  });

  it("knows what it carries, from what was said to whoever acted", () => {
    const told: [string, string][] = [
      ["get 3 ash trunk", "Got 3 ash trunk"],
      ["craft 4 ash board using 2 ash trunk", "Could not find a valid recipe for ItemTagWithCount(…)"],
      ["craft 4 ash board using 1 ash trunk", "Crafted 4 workshop:ash_board"],
      ["craft 4 rod using 2 ash board", "Crafted 4 workshop:rod"],
      ["get 1 board", "Could not find board"],
    ];
    const deeds = situationOf(turnAfter(told))?.deeds ?? [];
    expect([...stockAfter(deeds)]).toEqual([
      ["ash trunk", 2],
      ["ash board", 2],
      ["rod", 4],
    ]);
    expect(deeds.map(({ failed }) => failed)).toEqual([false, true, false, false, true]);
    expect([...refusedIn(deeds)]).toEqual(["board"]);
    const looked = situationOf(turnAfter([...told, ["inventory", "Inventory: [rod] (4) "]]))?.deeds ?? [];
    expect([...stockAfter(looked)]).toEqual([["rod", 4]]);
  });

  it("plans with what it carries, and sets aside what later steps need", () => {
    expect(planFor(sheet, new Map(), new Set())?.map(actionOf)).toEqual([
      "get 2 ash trunk",
      "get 1 stone",
      "craft 4 ash board using 1 ash trunk",
      "craft 4 rod using 2 ash board",
      "craft 4 ash board using 1 ash trunk",
      "craft 4 rod using 2 ash board",
      "craft 1 stool using 1 ash board, 6 rod, 1 stone",
    ]);
    const carried = new Map([
      ["beech board", 1],
      ["rod", 6],
    ]);
    expect(planFor(sheet, carried, new Set())?.map(actionOf)).toEqual([
      "get 1 stone",
      "craft 1 stool using 1 beech board, 6 rod, 1 stone",
    ]);
    expect(planFor(sheet, new Map(), new Set(["ash trunk"]))?.[0]).toMatchObject({ name: "beech trunk" });
    expect(planFor(sheet, new Map(), new Set(["stone"]))).toBeNull();
  });
});

describe.each(["crafter-strong", "crafter-weak"])("%s", (kind) => {
  const policy = connectPolicy(kind, {}, null);

  it("acts on a text that is no workshop, and on an odd one, in bounded time", async () => {
    const odd = [
      "",
      "Goal: craft .",
      "Goal: craft gold.",
      "craft 1 a using 999999 b\ncraft 1 b using 999999 c\ncraft 1 c using 999999 d\n\nGoal: craft a.",
      "craft 10 a using 1 b\ncraft 1 b using 9 a\n\nGoal: craft b.",
      `${Array.from({ length: 3000 }, (_, n) => `craft 1 a${n} using 2 a${n + 1}, 2 a${n + 2}`).join("\n")}\nGoal: craft a0.`,
      `${"craft 1 x using 1 x y, ".repeat(20_000)}\nGoal: craft x.`,
    ];
    const began = performance.now();
    for (const observation of odd) {
      const { action } = await policy.act(
        turnAfter([], { observation: { text: observation, actions: null } }),
      );
      expect(action).toMatch(/^(inventory|get \d+ .+|craft \d+ .+ using .+)$/);
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("decides by the conversation and the seed alone", async () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const act = async () => Promise.all(seeds.map((seed) => policy.act(turnAfter([], { seed }))));
    expect(await act()).toEqual(await act());
  });
});

it("the weak crafter repeats what fails, the more the oftener", async () => {
  const weak = connectPolicy("crafter-weak", {}, null);
  const fail: [string, string] = ["get 9 rod", "Could not find rod"];
  const repeated = async (failures: number) => {
    const turns = Array.from({ length: 200 }, (_, seed) => turnAfter(Array(failures).fill(fail), { seed }));
    const replies = await Promise.all(turns.map((turn) => weak.act(turn)));
    return replies.filter(({ action }) => action === "get 9 rod").length / turns.length;
  };
  const [none, one, five] = [await repeated(0), await repeated(1), await repeated(5)];
  expect(none).toBe(0);
  expect(one).toBeGreaterThan(0.03);
  expect(five).toBeGreaterThan(2 * one);
});

describe("on our own recipes", () => {
  let workshop: Environment;
  let subtasks: Subtask[];
  const signal = new AbortController().signal;
  beforeAll(async () => {
    workshop = await textcraft.connect(textcraft.Config.parse({}));
    subtasks = await workshop.subtasks();
  });

  const play = (policy: Policy, subtask: Subtask): Promise<TrajectoryDraft> =>
    recordEpisode({
      ...{
        environment: workshop,
        environmentName: "workshop",
        driverId: "textcraft",
        subtask,
        policy,
        signal,
      },
      ...{ source: "expert", maxSteps: 15 },
      seed: (step) => seedOf(0, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, step),
    });
  const depthOf = (subtask: Subtask) => Number(subtask.taskType?.replace("depth-", ""));

  it("the crafters are as good as their names say: both do short ways, and long ones part them", async () => {
    const rates: Record<string, number[]> = {};
    for (const kind of ["crafter-strong", "crafter-weak"]) {
      const policy = connectPolicy(kind, {}, null);
      const played = subtasks.map(async (subtask) => ({
        depth: depthOf(subtask),
        success: (await play(policy, subtask)).success,
      }));
      const won = await Promise.all(played);
      const rate = (of: (depth: number) => boolean) => {
        const chosen = won.filter(({ depth }) => of(depth));
        return chosen.filter(({ success }) => success).length / chosen.length;
      };
      rates[kind] = [rate((depth) => depth < 3), rate((depth) => depth >= 3), rate(() => true)];
    }
    const [strong = [], weak = []] = [rates["crafter-strong"], rates["crafter-weak"]];
    expect(strong[0]).toBe(1);
    expect(weak[0]).toBeGreaterThan(0.85);
    expect(strong[1]).toBeGreaterThan(0.45);
    expect(strong[2]).toBeLessThan(0.85);
    expect(weak[1]).toBeLessThan((strong[1] ?? 0) - 0.1);
    expect(weak[1]).toBeGreaterThan(0.2);
  });

  it("mining the strong crafter's failures with the weak one finds beneficial, harmful and recovering steps", async () => {
    const strong = connectPolicy("crafter-strong", {}, null);
    const weak = connectPolicy("crafter-weak", {}, null);
    const found = new Map<string, number>();
    for (const subtask of subtasks.filter((each) => depthOf(each) >= 3)) {
      const { steps, success, instruction, subtaskKey } = await play(strong, subtask);
      if (success) continue;
      const rollouts = [];
      for (const probe of planProbes(steps.length, { states: 5, attempts: 2 })) {
        const end = await runProbe({
          ...{ environment: workshop, policy: weak, subtaskKey, expertSteps: steps, probe, signal },
          conversation: { driverId: "textcraft", instruction, opening: [] },
          ...{ maxSteps: 15, successThreshold: 1, recorded: [] },
          seed: (step) => seedOf(1, subtaskKey, probe, step),
          recorder: { startCall: () => Promise.resolve(true), recordStep: () => Promise.resolve(true) },
        });
        if (typeof end === "string" || end.status !== "completed") throw new Error(JSON.stringify(end));
        rollouts.push({ ...probe, status: end.status, success: end.success });
      }
      for (const { verdict, recovery } of judgeSteps(steps.length, gatherEvidence(rollouts), paperRule)
        .segments)
        for (const word of recovery ? [verdict, "recovery"] : [verdict])
          found.set(word, (found.get(word) ?? 0) + 1);
    }
    for (const word of ["beneficial", "harmful", "recovery", "redundant", "dead_end"])
      expect([word, (found.get(word) ?? 0) >= 3]).toEqual([word, true]);
  });
});
