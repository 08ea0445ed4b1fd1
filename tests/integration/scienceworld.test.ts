import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { gatherEvidence } from "@/lib/core/evidence";
import type { Environment } from "@/lib/core/ports";
import { runProbe } from "@/lib/core/probe";
import { paperRule } from "@/lib/core/rule";
import type { Step } from "@/lib/core/trajectory";
import { judgeSteps } from "@/lib/core/verdict";
import { environments } from "@/lib/environments/registry";
import { policyOf } from "../support/corridor";
import {
  goldPaths,
  hashOf,
  scienceworldMissing,
  simulatorJar,
  take,
  takeThrice,
} from "../support/scienceworld";
import { sharedDataMissing, sharedJson } from "../support/shared-data";

const { scienceworld } = environments;
const missing = scienceworldMissing();
const LONG_MS = 600_000;

const opened = new Map<string, Promise<Environment>>();
afterAll(async () => {
  for (const environment of await Promise.allSettled(opened.values()))
    if (environment.status === "fulfilled") await environment.value.close();
});

/** One environment per settings. The gold episodes and the cases were made without a limit on moves. */
function connect(settings: Record<string, unknown>): Promise<Environment> {
  const config = { jar: simulatorJar, maxMoves: 100_000, jvms: 2, ...settings };
  const key = JSON.stringify(config);
  const environment = opened.get(key) ?? scienceworld.connect(scienceworld.Config.parse(config));
  opened.set(key, environment);
  return environment;
}

const versionOf = ({ facts }: Environment) => facts.find(({ name }) => name === "simulator")?.value ?? "";
/**
 * The recordings are from 1.3.0. Before, the order in which things happen at once is another: bees visit other flowers,
 * which shows in a view or two of a long episode and changes no score.
 */
const sameShare = (environment: Environment) => (/ (0|1\.[0-2])\./.test(versionOf(environment)) ? 0.95 : 1);

const Gold = z.object({
  task: z.string(),
  variation: z.int(),
  simplification: z.string(),
  task_description: z.string(),
  steps: z.array(z.object({ action: z.string(), observation: z.string(), score: z.number() })),
  final_score: z.number(),
});

describe.skipIf(missing ?? sharedDataMissing("scienceworld"))("the recorded gold episodes", () => {
  const golds = missing ? [] : z.array(Gold).parse(sharedJson("scienceworld", "gold_episodes_6.json"));

  it.each(golds.map((gold) => [`${gold.task}_${gold.variation} “${gold.simplification}”`, gold] as const))(
    "%s: every observation and score",
    async (_, gold) => {
      const environment = await connect({ simplifications: gold.simplification });
      const actions = gold.steps.map(({ action }) => action);
      const taken = await take(environment, `${gold.task}_${gold.variation}`, actions);
      const look = gold.steps[0]?.observation ?? "";
      expect(taken.start).toBe(`${gold.task_description}\n${look}`);
      expect(taken.instruction).toBe(gold.task_description);
      const observed = [...taken.steps.slice(1).map(({ observation }) => observation), taken.end.text];
      const recorded = gold.steps.map(({ observation }) => observation);
      const share = sameShare(environment);
      if (share === 1) expect(observed).toEqual(recorded);
      const same = observed.filter((text, i) => text === recorded[i]).length;
      expect(same / recorded.length).toBeGreaterThanOrEqual(share);
      expect(taken.steps.map(({ reward }) => reward)).toEqual(
        gold.steps.map(({ score }) => expect.closeTo(score, 2)),
      );
      expect(taken.end).toMatchObject({ reward: gold.final_score, done: true });
    },
    LONG_MS,
  );
});

const Case = z.object({
  task: z.string(),
  variation: z.int(),
  simplification: z.string(),
  expert_actions: z.array(z.string()),
  expert_final_score: z.number(),
  agent_policy: z.object({ actions: z.array(z.string()) }),
  by_prefix: z.array(z.object({ i: z.int(), agent_success: z.boolean(), agent_final_score: z.number() })),
  labels: z.record(z.string(), z.array(z.object({ from: z.int(), to: z.int(), label: z.string() }))),
});

describe.skipIf(missing ?? sharedDataMissing("scienceworld"))("the recorded failures of experts", () => {
  const cases = missing ? [] : z.array(Case).parse(sharedJson("scienceworld", "eef_oracle_cases_4.json"));

  it.each(cases.map((each) => [`${each.task}_${each.variation}`, each] as const))(
    "%s: success from every state, and the verdicts at every interval",
    async (subtaskKey, recorded) => {
      const environment = await connect({ simplifications: recorded.simplification });
      const expert = await take(environment, subtaskKey, recorded.expert_actions);
      expect(expert.end.reward).toBeCloseTo(Math.max(0, recorded.expert_final_score), 2);
      const rollouts = await rollOutFromEveryState(environment, subtaskKey, expert.steps, recorded);
      for (const { i, agent_success, agent_final_score } of recorded.by_prefix)
        expect({ i, ...rollouts[i] }).toMatchObject({
          i,
          status: "completed",
          success: agent_success,
          reward: expect.closeTo(Math.max(0, agent_final_score), 2),
        });
      for (const [interval, labels] of Object.entries(recorded.labels)) {
        const probed = rollouts.filter(({ stateIndex }) => stateIndex % Number(interval) === 0);
        expect(turnsOf(recorded.expert_actions.length, probed), `l = ${interval}`).toEqual(labels);
      }
    },
    LONG_MS,
  );
});

/** One rollout of the fixed list of actions from each state 0..T, two at a time. */
async function rollOutFromEveryState(
  environment: Environment,
  subtaskKey: string,
  expertSteps: Step[],
  { agent_policy: { actions } }: z.infer<typeof Case>,
) {
  const rollOut = async (stateIndex: number) => {
    const policy = policyOf("list", ({ history }) => actions[history.length - stateIndex] ?? "look around");
    const end = await runProbe({
      environment,
      policy,
      conversation: { driverId: "scienceworld", instruction: "", opening: [] },
      subtaskKey,
      expertSteps,
      probe: { stateIndex, attempt: 0 },
      maxSteps: actions.length,
      successThreshold: 1,
      seed: () => 0,
      recorded: [],
      recorder: { startCall: async () => true, recordStep: async () => true },
      signal: new AbortController().signal,
    });
    if (typeof end === "string" || end.status === "errored") throw new Error(JSON.stringify(end));
    return { stateIndex, status: end.status, success: end.success, reward: end.reward };
  };
  return Promise.all([...expertSteps.keys(), expertSteps.length].map(rollOut));
}

/**
 * The segments at which what the agent can do turns, which is what the labels name: a harmful one, or the last of the
 * beneficial ones before a state it succeeds from.
 */
function turnsOf(length: number, rollouts: Parameters<typeof gatherEvidence>[0]) {
  const { segments } = judgeSteps(length, gatherEvidence(rollouts), paperRule);
  const solved = new Set(rollouts.filter(({ success }) => success).map(({ stateIndex }) => stateIndex));
  return segments
    .filter(({ verdict, to }) => verdict === "harmful" || (verdict === "beneficial" && solved.has(to)))
    .map(({ from, to, verdict }) => ({ from, to, label: verdict }));
}

/** One task or two of every topic; all 30 are `npm run bench -- scienceworld`, which takes minutes. */
const someTasks = [
  ...["boil", "use-thermometer", "power-component", "find-plant", "grow-fruit", "chemistry-mix"],
  ...["lifespan-longest-lived", "identify-life-stages-1", "inclined-plane-determine-angle"],
];

describe.skipIf(missing)("the simulator's own solutions", () => {
  it(
    "reach reward 1, and show the same three times whatever ran before in the same JVM",
    async () => {
      const environment = await connect({});
      const gold = await goldPaths(
        someTasks.map((task) => ({ task, variation: 0 })),
        "",
      );
      expect(await takeThrice(environment, gold)).toEqual({ unsolved: [], unsteady: [] });
    },
    LONG_MS,
  );
});

describe.skipIf(missing)("what an episode does", () => {
  it("lists every variation of all 30 tasks", async () => {
    const subtasks = await (await connect({})).subtasks();
    expect(subtasks).toHaveLength(7207);
    expect(new Set(subtasks.map(({ taskType }) => taskType)).size).toBe(30);
    const inSplit = (name: string) => subtasks.filter(({ split }) => split === name).length;
    expect([inSplit("train"), inSplit("dev"), inSplit("test")]).toEqual([3592, 1796, 1819]);
  });

  it("a wrong focus ends it with reward 0", async () => {
    const environment = await connect({ simplifications: "easy" });
    const { end } = await take(environment, "boil_0", ["open door to kitchen", "focus on air"]);
    expect(end).toMatchObject({ reward: 0, done: true });
  });

  it("it ends once more moves are made than allowed; looking is none, waiting is many", async () => {
    const environment = await connect({ maxMoves: 25 });
    const looks = Array.from({ length: 40 }, () => "look around");
    expect((await take(environment, "boil_0", looks)).end.done).toBe(false);
    const { steps, end } = await take(environment, "boil_0", ["wait", "wait", "wait", "wait"]);
    expect(end.done).toBe(true);
    expect(steps).toHaveLength(3);
  });

  it("an ambiguous action asks for a number, and the prompt is replayed with it", async () => {
    const environment = await connect({ simplifications: "easy" });
    const actions = ["go to kitchen", "open cupboard", "pick up substance", "0", "look around"];
    const once = await take(environment, "boil_0", actions);
    const prompts = once.steps.filter(({ observation }) => observation.startsWith("Ambiguous request"));
    expect(prompts.map(({ action }) => action)).toEqual(["0"]);
    expect(hashOf(await take(environment, "boil_0", actions))).toBe(hashOf(once));
  });

  it("AgentGym's games and the task's own key are the same episode", async () => {
    const agentgym = await connect({ tasks: "agentgym" });
    const games = await agentgym.subtasks();
    expect(games).toHaveLength(4639);
    expect(games[4638]).toMatchObject({ subtaskKey: "sciworld_4638", taskType: "identify-life-stages-2" });
    expect(games.slice(0, 30).map(({ split }) => split)).toEqual([
      ...Array<string>(14).fill("train"),
      ...Array<string>(7).fill("dev"),
      ...Array<string>(9).fill("test"),
    ]);
    const byGame = await take(agentgym, "sciworld_31", ["look around"]);
    expect(byGame).toEqual(await take(agentgym, "melt_1", ["look around"]));
    expect(byGame.instruction).toMatch(/^Your task is to melt /);
  });

  it("hostile and odd actions are answered like any other", async () => {
    const environment = await connect({});
    const odd = ["", "\n", "e", "!ysdone", "sé\\n\r\ne\n", "\u0000", "🌱", "x".repeat(20_000)];
    const { steps, end } = await take(environment, "boil_0", [...odd, "look around"]);
    expect(steps).toHaveLength(odd.length + 1);
    expect(end.text).toMatch(/^This room is called/);
  });

  it("simplifications it does not have are refused by name", async () => {
    await expect(connect({ simplifications: "easy,flying" })).rejects.toMatchObject({
      code: "invalid_input",
      fix: expect.stringContaining("openDoors"),
    });
  });
});
