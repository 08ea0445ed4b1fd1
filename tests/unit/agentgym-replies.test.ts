import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KindName } from "@/lib/environments/agentgym/config";
import { kinds, type Stepped } from "@/lib/environments/agentgym/kinds";
import { readAction, type Reading } from "@/lib/environments/agentgym/reply";
import { agentgym } from "@/lib/environments/agentgym/environment";
import { agenttraj } from "@/lib/importers/agenttraj";
import { readAgentgymReply } from "@/lib/prompts/agentgym";
import { readReply, renderConversation } from "@/lib/prompts/conversation";

/** What a client of the reading makes of a whole reply, when the reply goes through a policy and an episode. */
const through = (reading: Reading, reply: string) =>
  readAction(reading, readAgentgymReply(reply)?.action ?? "");

const refusal = "Error: Only one 'Action' is allowed per response. Please adjust your response.";

describe("what AgentGym's clients make of a reply", () => {
  it.each<[Reading, string, string]>([
    ["last-action", "Thought:\nI look.\n\nAction:\nsearch[shoes]", "search[shoes]"],
    ["last-action", "Thought: a\nAction: b\nAction: c", "c"],
    ["last-action", "I would click[b0] now", "I would click[b0] now"],
    ["last-action", "  search[red shoes]\n", "search[red shoes]"],
    ["last-action", "look around", ""],
    ["last-action", "", ""],
    ["last-action", "Thought: a\nAction:", ""],
    ["last-action", "Thought: a\nAction: click[b0]</s>", "click[b0"],
    ["last-action", "Thought: a\nAction: click[b0] </s>", "click[b0]"],
    ["last-action", "ACTION: look around", ""],
    ["only-action", "Thought:\nI get one.\n\nAction:\nget 1 stick", "get 1 stick"],
    ["only-action", "Action: get 1 stick!\nThen more.", "get 1 stick"],
    [
      "only-action",
      "Action:   craft [1] torch  using 1 stick,  1 coal.",
      "craft 1 torch using 1 stick, 1 coal",
    ],
    ["only-action", "I get 1 stick", ""],
    ["only-action", "Action: Action: get 1 stick", "Action get 1 stick"],
    ["only-action", "Action: café_au-lait\t1", "cafaulait1"],
    ["first-action", "Action: move up\nAction: move down", "move up"],
    ["first-action", " move up ", "move up"],
    ["first-action", "Thought: t\nAction:\ns h i r e\n", "s h i r e"],
    ["first-action", "Thought: t\nAction:\nmove up</s>", "move u"],
    ["sql", "Thought: t\n\nAction: ```sql\nSELECT 1\n```", "SELECT 1"],
    ["sql", "```sql\nSELECT 1\n``` or\n```sql\nSELECT 2\n```", "SELECT 2"],
    ["sql", "SELECT 1", "SELECT 1"],
    ["whole", "Thought: t\nAction:\nfinish", "Action: finish"],
    ["whole", "<think>x</think><search>y</search>", "<think>x</think><search>y</search>"],
    ["whole", "Thought: t\nAction: f with Action Input: {}", "Action: f with Action Input: {}"],
    [
      "whole",
      "with Action Input: x\nAction: f with Action Input: {}",
      "with Action Input: x\nAction: f with Action Input: {}",
    ],
    ["whole", "Action:\nf with Action Input: {}", "Action:\nf with Action Input: {}"],
  ])("%s: %j is sent as %j", (reading, reply, action) => expect(through(reading, reply)).toEqual({ action }));

  it("answers two actions itself where the client does", () => {
    expect(through("only-action", "Action: get 1 stick\nAction: get 1 coal")).toEqual({ refusal });
    expect(readAction("only-action", "Action: get 1 stick\nAction: get 1 coal")).toEqual({ refusal });
  });

  it("takes a bare action as what follows `Action:`", () => {
    expect(readAction("last-action", "look around")).toEqual({ action: "look around" });
    expect(readAction("only-action", "get 1 stick")).toEqual({ action: "get 1 stick" });
    expect(readAction("whole", "finish with Action Input: {}")).toEqual({
      action: "Action: finish with Action Input: {}",
    });
  });
});

describe("readAgentgymReply", () => {
  it("tells thought from action where every client agrees on the action", () => {
    expect(readAgentgymReply("Thought:\nI look.\n\nAction:\nlook around")).toEqual({
      thought: "I look.",
      action: "look around",
    });
  });

  it("reads by the environment: elsewhere two actions are no reason to keep the whole reply", () => {
    const reply = "Thought: a\nAction: b\nAction: c";
    expect(readReply({ driverId: "agentgym" }, reply)?.action).toBe(`Reply:\n${reply}`);
    expect(readReply({ driverId: "webshop" }, reply)?.action).toBe("c");
    expect(readReply({ driverId: null }, reply)?.action).toBe("c");
    expect(readReply({ driverId: "agentgym" }, " \n")).toBeNull();
  });

  it("splits a reply only where the clients make the same of its action and of the whole", () => {
    const pieces = fc.constantFrom(
      ...[
        "Action:",
        "Action: ",
        "Thought:",
        "\n",
        " ",
        "look around",
        "get 1 stick",
        "search[a]",
        "```sql",
        "```",
      ],
      ...[
        "</s>",
        "<search>a</search>",
        "with Action Input: {}",
        "with\nAction Input: x",
        "f",
        "é",
        "Reply:\n",
      ],
    );
    // The database's client sends all of an unfenced reply, and research replies have no actions: known differences.
    const readings = fc.constantFrom<Reading>("last-action", "only-action", "first-action");
    const reply = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(readings, reply, (reading, text) => {
        if (text.trim() === "") return;
        expect(through(reading, text)).toEqual(readAction(reading, `Reply:\n${text}`));
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves a tool's server the same call to read", () => {
    const call = (sent: string) => {
      const [, before = "", input] = /[^\S\n]*\s*(.*?)\s*with\s*Action Input:\s*(.*?)\n?$/.exec(sent) ?? [];
      const named = /Action:\s*(.*)$/.exec(before)?.[1];
      return [named, input];
    };
    const reply = fc
      .array(
        fc.constantFrom(
          "Thought: a",
          "Action: f with Action Input: {}",
          "with Action Input: {}",
          "Action:",
          "g",
        ),
        {
          maxLength: 5,
        },
      )
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(reply, (text) => {
        const sent = through("whole", text);
        expect("action" in sent && call(sent.action)).toEqual(call(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("an imported AgentTraj file", () => {
  const conversations = (...said: [string, string][]) => [
    { from: "human", loss: null, value: "Rules of the game." },
    {
      from: "gpt",
      loss: false,
      value: "OK. I'll follow your instructions and try my best to solve the task.",
    },
    ...said.flatMap(([human, gpt]) => [
      { from: "human", loss: null, value: human },
      { from: "gpt", loss: true, value: gpt },
    ]),
  ];
  const defaults = { environment: null, source: "expert", model: null, withoutReward: "solved" } as const;
  const imported = (item_id: string, ...said: [string, string][]) =>
    agenttraj.read({ item_id, conversations: conversations(...said) }, defaults);
  const odd: [string, string][] = [
    ["Start.", "Thought:\nI look.\n\nAction:\nlook around"],
    ["A room.", "I look around"],
    ["A room.", "Thought: two\nAction: a\nAction: b"],
    ["A room.", "Thought: a  \n Action: f with Action Input: {}\n"],
    ["A room.", "Action: \nlook </s>"],
  ];

  it.each([
    "webshop_6",
    "sciworld_12",
    "textcraft_3",
    "babyai_7",
    "maze_1",
    "wordle_5",
    "weather_2",
    "todo_1",
    "bird_4",
  ])("%s is rendered text for text as it was", (item) => {
    const { opening, steps, instruction } = imported(item, ...odd);
    const rendered = renderConversation({ driverId: "agentgym", instruction, opening }, steps);
    const spoken = { user: "human", assistant: "gpt" } as Record<string, string>;
    expect(rendered.map(({ role, content }) => [spoken[role], content])).toEqual(
      conversations(...odd).map(({ from, value }) => [from, value]),
    );
  });

  it("has the actions its environment's client would have sent", () => {
    const name = (item: string) => item.slice(0, item.indexOf("_")) as KindName;
    const sent = (item: string) =>
      imported(item, ...odd).steps.map((step) => readAction(kinds[name(item)].reading, step.action));
    const action = (text: string) => ({ action: text });
    expect(sent("sciworld_1")).toEqual(
      ["look around", "", "b", "f with Action Input: {}", "look"].map(action),
    );
    expect(sent("textcraft_1")).toEqual([
      action("look around"),
      action(""),
      { refusal },
      action("f with Action Input"),
      action("look s"),
    ]);
    expect(sent("weather_1")[1]).toEqual(action("I look around"));
    expect(sent("maze_1")[2]).toEqual(action("a"));
  });

  it("keeps thought and action apart where they can be", () =>
    expect(imported("textcraft_1", ...odd).steps[0]).toMatchObject({
      thought: "I look.",
      action: "look around",
      messages: null,
    }));
});

describe("rewards", () => {
  const stepped = (change: Partial<Stepped>): Stepped => ({
    ...{ text: "", reward: 0, score: null, done: true, actions: null },
    ...change,
  });

  it.each<[KindName, Partial<Stepped>, number]>([
    ["webshop", { reward: 0.5 }, 0.5],
    ["sciworld", { score: 100, reward: 50 }, 1],
    ["sciworld", { score: 33, reward: 8 }, 0.33],
    ["sciworld", { score: -100, reward: -150 }, 0],
    ["babyai", { score: 0.94, reward: 0.94 }, 0.94],
    ["babyai", { score: 1.4, reward: 0.7 }, 1],
    ["maze", { reward: 1, text: "Success\n" }, 1],
    ["maze", { reward: 0, text: "Success\n" }, 1],
    ["maze", { reward: -1, text: "Failure\n" }, 0],
    ["maze", { reward: -4, done: false }, 0],
    ["wordle", { reward: 1, text: "g g g g g\n" }, 1],
    ["wordle", { reward: 0, text: "g g g g g\n" }, 1],
    ["wordle", { reward: 0, text: "g g g g b\n" }, 0],
    ["todo", { reward: 1 }, 1],
  ])("%s %j counts %d", (kind, step, reward) => expect(kinds[kind].reward(stepped(step))).toBe(reward));
});

describe("what is compared with a recording", () => {
  it("leaves out the words a client puts before the games", () => {
    const view = "The goal is at position 8, 6. There is a wall above you.";
    expect(kinds.maze.compared(`Their rules.\nMore.\n${view}`)).toBe(
      kinds.maze.compared(`Our rules.\n${view}\n`),
    );
    const list = "```\ncabin\nlemon\nriver\n```";
    expect(kinds.wordle.compared(`Theirs:\n${list}\nGo.`)).toBe(kinds.wordle.compared(`Ours.\n${list}\n`));
    expect(kinds.wordle.compared(`Theirs:\n${list}`)).not.toBe(
      kinds.wordle.compared("Theirs:\n```\ncabin\nstone\n```"),
    );
    expect(kinds.wordle.compared("b y g b b\n")).toBe("b y g b b");
  });
});

describe("settings", () => {
  const read = (change: object) =>
    agentgym.Config.safeParse({ server: "http://127.0.0.1:36001", kind: "webshop", ...change });

  it("take what names a server", () => {
    expect(read({}).success).toBe(true);
    expect(read({ server: "https://games.example/agentgym/" }).success).toBe(true);
    expect(read({ indices: { first: 3, count: 2 } }).success).toBe(true);
  });

  it.each([
    [{ server: "ftp://a" }, /http/],
    [{ server: "http://me:secret@a" }, /password/],
    [{ server: "http://169.254.169.254/latest" }, /metadata/],
    [{ server: "here" }, /http/],
    [{ kind: "webarena" }, /browsers/],
    [{ kind: "chess" }, /must be one of webshop/],
    [{ indices: { first: -1, count: 2 } }, /./],
    [{ concurrentEpisodes: 0 }, /./],
    [{ unknown: 1 }, /unknown/],
  ])("refuse %j", (change, message) => {
    const { error } = read(change);
    expect(error?.message).toMatch(message);
  });
});
