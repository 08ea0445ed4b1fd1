import { describe, expect, it } from "vitest";
import type { Episode, StepResult } from "@/lib/core/ports";
import { kindNames, type KindName } from "@/lib/environments/agentgym/config";
import type { AgentGymServer } from "../support/agentgym-server";
import { aServer, connectTo } from "../support/agentgym-server-connect";

async function connected(kind: KindName) {
  const server = await aServer(kind);
  return { server, environment: await connectTo(server, kind) };
}

async function play(episode: Episode, actions: string[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const action of actions) results.push(await episode.step(action));
  return results;
}
const count = (server: AgentGymServer, route: string) =>
  server.requests.filter((request) => request.route === route).length;

/** What is played on a kind: to success, to a failure, and what an episode of task 1 begins with. */
const plays: Record<KindName, { solve: string[]; rewards: number[]; start: RegExp; instruction: string }> = {
  webshop: {
    solve: ["search[lamp]", "click[B01]", "click[Buy Now]"],
    rewards: [0, 0, 1],
    start: /^WebShop \[SEP\] Instruction: \[SEP\] Find me a red lamp/,
    instruction: "Find me a red lamp, and price lower than 40.00 dollars",
  },
  sciworld: {
    solve: ["look around", "focus on lamp", "activate lamp"],
    rewards: [0, 0.5, 1],
    start: /^Your task is to switch lamp 1 on\. First, focus on it\.\nThis room is called the hall\./,
    instruction: "Your task is to switch lamp 1 on. First, focus on it.",
  },
  alfworld: {
    solve: ["take cup 1", "go to desk 1", "put cup 1"],
    rewards: [0, 0, 1],
    start: /on the desk\.\nAVAILABLE ACTIONS: go to shelf 1,go to desk 1,take cup 1$/,
    instruction: "put a cup on the desk.",
  },
  babyai: {
    solve: ["turn left", "move forward", "move forward", "move forward"],
    rewards: [0, 0, 0, 0.96],
    start: /^Your goal: go to the red ball\n[^]*\nAvailable actions: \["turn left"/,
    instruction: "go to the red ball",
  },
  textcraft: {
    solve: ["get 1 stick", "get 1 coal", "craft 1 ladder using 1 stick, 1 coal"],
    rewards: [0, 0, 1],
    start: /^Crafting commands:\n[^]*\n\nGoal: craft ladder\.$/,
    instruction: "craft ladder",
  },
  maze: {
    solve: ["move up", "move right", "move right", "move right"],
    rewards: [0, 0, 0, 1],
    start: /\nThe goal is at position 1, 4\. Your current position is at position 1, 1\./,
    instruction: "Reach the goal of the maze in as few steps as possible.",
  },
  wordle: {
    solve: ["r i v e r", "x x x x x", "l e m o n"],
    rewards: [0, 0, 1],
    start: /```\ncabin\nlemon\nriver\nstone\n```/,
    instruction: "Guess the hidden word of five letters in at most six attempts.",
  },
  sqlgym: {
    solve: ["```sql\nSELECT\n```", "```sql\nSELECT count(*) FROM t\n```"],
    rewards: [0, 1],
    start: /^Table t/,
    instruction: "Table t(a). How many rows has t in database 1?",
  },
  searchqa: {
    solve: ["<search>one</search>", "<answer>0</answer>", "<answer>1</answer>"],
    rewards: [0, 0, 1],
    start: /^Reason first/,
    instruction: "what is number 1?",
  },
  ...(Object.fromEntries(
    (["weather", "movie", "academia", "todo", "sheet"] as const).map((kind) => [
      kind,
      {
        solve: ["wave", "get_temp with Action Input: {}", 'finish with Action Input: {"answer": 1}'],
        rewards: [0, 0.5, 1],
        start: /^Now new trial starts\./,
        instruction: "How warm was day 1?",
      },
    ]),
  ) as Record<"weather" | "movie" | "academia" | "todo" | "sheet", (typeof plays)["webshop"]>), // keys of the list above
};

describe.each(kindNames)("%s", (kind) => {
  const { solve, rewards, start, instruction } = plays[kind];

  it("is begun, played and solved as its own client would", async () => {
    const { environment } = await connected(kind);
    const [zeroth, first] = await environment.subtasks();
    expect(zeroth?.subtaskKey).toBe(`${kind}_0`);
    const episode = await environment.open(first?.subtaskKey ?? "");
    expect(episode.start.text).toMatch(start);
    expect(episode.instruction).toBe(instruction);
    const results = await play(episode, solve);
    expect(results.map(({ reward }) => reward)).toEqual(rewards);
    expect(results.map(({ done }) => done)).toEqual(solve.map((_, i) => i === solve.length - 1));
    expect(results.at(-1)?.reward).toBeGreaterThanOrEqual(environment.capabilities.successThreshold);
  });

  it("refuses a step after the end without asking the server", async () => {
    const { server, environment } = await connected(kind);
    const episode = await environment.open(`${kind}_1`);
    await play(episode, solve);
    const steps = count(server, "POST /step");
    await expect(episode.step("again")).rejects.toMatchObject({ code: "invalid_input" });
    expect(count(server, "POST /step")).toBe(steps);
  });

  it("uses one instance for one episode after another, and tells of a task that is not there", async () => {
    const { server, environment } = await connected(kind);
    for (let i = 0; i < 4; i++) await (await environment.open(`${kind}_${i}`)).close();
    for (const key of ["nothing", `other_1`, `${kind}_x`, `${kind}_-1`])
      await expect(environment.open(key)).rejects.toMatchObject({ code: "not_found" });
    expect(count(server, "POST /create")).toBe(1);
  });

  it("closes what its server lets be closed, and nothing else", async () => {
    const { server, environment } = await connected(kind);
    await environment.close();
    await environment.close();
    const closes = ["sciworld", "babyai", "textcraft", "searchqa"].includes(kind);
    expect(count(server, "POST /close")).toBe(closes ? 1 : 0);
  });
});

describe("actions that are open", () => {
  const seen = async (kind: KindName, action: string) => {
    const { environment } = await connected(kind);
    const episode = await environment.open(`${kind}_0`);
    return [episode.start.actions, (await episode.step(action)).actions];
  };
  it("are asked of the shop", async () =>
    expect(await seen("webshop", "search[lamp]")).toEqual([
      ["search"],
      ["back to search", "b00", "b01", "b02", "b03"],
    ]));
  it("come with ALFWorld's answers", async () =>
    expect((await seen("alfworld", "go to desk 1"))[1]).toEqual([
      "go to shelf 1",
      "go to desk 1",
      "put cup 1",
    ]));
  it("are read out of BabyAI's text", async () =>
    expect((await seen("babyai", "turn left"))[1]).toEqual(["turn left", "turn right", "move forward"]));
  it("are four in the maze", async () => expect((await seen("maze", "move up"))[0]).toHaveLength(4));
  it("are unknown in ScienceWorld", async () => expect((await seen("sciworld", "wait1"))[0]).toBeNull());
});

describe("a reply with two actions", () => {
  it("is answered by the client where AgentGym's does, and is no step", async () => {
    const { server, environment } = await connected("textcraft");
    const episode = await environment.open("textcraft_0");
    const result = await episode.step("Action: get 1 stick\nAction: get 1 coal");
    expect(result).toMatchObject({
      text: expect.stringMatching(/^Error: Only one 'Action'/),
      reward: 0,
      done: false,
    });
    expect(count(server, "POST /step")).toBe(0);
    await episode.step("get 1 stick");
    expect(server.requests.at(-1)?.body).toEqual({ id: 0, action: "get 1 stick" });
  });
});

describe("another server than the settings say", () => {
  const wrong: [KindName, KindName, RegExp][] = [
    ["sciworld", "webshop", /env_idx and session_id|bare number/],
    ["webshop", "sciworld", /does not serve sciworld/],
    ["textcraft", "sciworld", /“This is environment TextCraft\.”/],
    ["webshop", "sqlgym", /env_idx and item_id/],
    ["weather", "webshop", /env_idx and session_id/],
    ["maze", "wordle", /no route \/wordle\/create/],
  ];
  it.each(wrong)("a %s server is no %s server", async (served, kind, message) => {
    const server = await aServer(served);
    await expect(connectTo(server, kind)).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringMatching(message),
      fix: expect.stringMatching(/address/),
    });
    expect(count(server, "POST /create")).toBe(0);
  });

  it.each<[KindName, KindName, RegExp]>([
    ["weather", "webshop", /status 422/],
    ["sciworld", "webshop", /answers with an id, as sciworld/],
    ["webshop", "weather", /otherwise than weather does/],
    ["sqlgym", "webshop", /status 422|did not understand/],
  ])(
    "a %s server that does not describe itself is found out when used as %s",
    async (served, kind, message) => {
      const server = await aServer(served, { describes: false });
      const opened = async () => (await connectTo(server, kind)).open(`${kind}_0`);
      await expect(opened()).rejects.toThrow(message);
    },
  );

  it("a bare number is recognised as the other family", async () => {
    const server = await aServer("sciworld", { describes: false });
    server.fail("/create", { fault: "instead", body: 23_528_037 });
    await expect(connectTo(server, "sciworld")).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringMatching(/bare number, as webshop/),
    });
  });

  it("nothing that listens is told with the command that starts it", async () => {
    const server = await aServer("textcraft");
    await server.stop();
    await expect(connectTo(server, "textcraft")).rejects.toMatchObject({
      code: "environment_unavailable",
      retryable: true,
      fix: expect.stringMatching(/PYTHONHASHSEED=0 textcraft --host 127\.0\.0\.1 --port \d+/),
    });
  });

  it("the games' address may end with their route", async () => {
    const server = await aServer("maze");
    const environment = await connectTo({ url: `${server.url}/maze/` }, "maze");
    expect((await environment.open("maze_1")).start.text).toContain("The goal is at");
  });
});
