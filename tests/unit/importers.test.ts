import { describe, expect, it } from "vitest";
import type { ImportDefaults } from "@/lib/core/ports";
import { agenttraj } from "@/lib/importers/agenttraj";
import { EvidenceRecord, readEvidence, type EvidenceLine } from "@/lib/importers/evidence";
import { eto } from "@/lib/importers/eto";
import { native } from "@/lib/importers/native";
import { openai } from "@/lib/importers/openai";
import { readRecords } from "@/lib/importers/registry";
import { tauBench } from "@/lib/importers/tau-bench";

const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

const fragments = [
  { from: "human", loss: null, value: "Goal: go" },
  { from: "gpt", loss: true, value: "Thought:\nso\n\nAction:\ngo north" },
];
const traj = (over: object) => ({ item_id: "maze_3", conversations: fragments, ...over });

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

describe("instructions", () => {
  it.each([
    ["WebShop [SEP] Instruction: [SEP] Find me socks [SEP] Search", "Find me socks"],
    ["You are in a room.\nYour task is to: put a mug on the desk.", "put a mug on the desk."],
    ["Your goal: go to the red ball\nYou see a wall.", "go to the red ball"],
    ["Crafting commands:\ncraft 1 stick using 2 bamboo\n\nGoal: craft stick.", "craft stick"],
    ["Where is it?", "Where is it?"],
  ])("are read out of what the environment said first", (value, expected) => {
    const conversations = [{ from: "human", loss: null, value }, fragments[1]];
    expect(agenttraj.read(traj({ conversations }), defaults).instruction).toBe(expected);
  });
});

describe("rewards", () => {
  it.each([
    [1, 1, true],
    [100, 1, true],
    [0.5, 0.5, false],
    [0, 0, false],
  ])("%d means %d", (reward, expected, success) =>
    expect(agenttraj.read(traj({ reward }), defaults)).toMatchObject({ reward: expected, success }),
  );

  it.each([-1, 1.01, 42, 101])("%d is refused with the reason", (reward) =>
    expect(() => agenttraj.read(traj({ reward }), defaults)).toThrowError(
      `reward: ${reward} is outside 0..1`,
    ),
  );

  it.each([
    [67, 0.67],
    [-100, 0],
    [100, 1],
    [0.4, 0.4],
  ])("ScienceWorld's %d is %d", (reward, expected) =>
    expect(agenttraj.read(traj({ item_id: "sciworld_9", reward }), defaults).reward).toBe(expected),
  );

  it("BabyAI's are less than 1 when it is solved", () => {
    expect(agenttraj.read(traj({ item_id: "babyai_3", reward: 0.83 }), defaults).success).toBe(true);
    expect(agenttraj.read(traj({ item_id: "babyai_3", reward: 0.5 }), defaults).success).toBe(false);
  });

  it("leaves the outcome open without one, unless told that the file holds successes", () => {
    expect(agenttraj.read(traj({}), defaults)).toMatchObject({ reward: null, success: null });
    const solved = { ...defaults, withoutReward: "solved" as const };
    expect(agenttraj.read(traj({}), solved)).toMatchObject({ reward: null, success: true });
    expect(agenttraj.read(traj({ reward: 0 }), solved).success).toBe(false);
  });
});

describe("environment", () => {
  it("is what AgentGym's item id says, else what the person says, else what the id looks like", () => {
    const kitchen = { ...defaults, environment: "kitchen" };
    expect(agenttraj.read(traj({ item_id: "webshop_3" }), kitchen).environment).toBe("webshop");
    expect(agenttraj.read(traj({ item_id: "task_3" }), kitchen).environment).toBe("kitchen");
    expect(agenttraj.read(traj({ item_id: "my-env_3" }), defaults).environment).toBe("my-env");
    expect(() => agenttraj.read(traj({ item_id: "x" }), defaults)).toThrowError(/which environment/);
  });

  it("defaults to tau-bench for its results and is demanded of bare chats", () => {
    const result = {
      task_id: 1,
      reward: 1,
      traj: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "yes" },
      ],
    };
    expect(tauBench.read(result, defaults).environment).toBe("tau-bench");
    expect(tauBench.read(result, { ...defaults, environment: "airline" }).environment).toBe("airline");
    expect(() => openai.read({ messages: result.traj }, defaults)).toThrowError(/which environment/);
  });
});

describe("steps", () => {
  it("keeps the messages only where thought and action do not rebuild them", () => {
    expect(agenttraj.read(traj({}), defaults).steps[0]).toMatchObject({
      thought: "so",
      action: "go north",
      messages: null,
    });
    const inline = [fragments[0], { from: "gpt", loss: true, value: "Thought: so\nAction: go north" }];
    const step = agenttraj.read(traj({ conversations: inline }), defaults).steps[0];
    expect(step).toMatchObject({ thought: "so", action: "go north" });
    expect(step?.messages?.reply.content).toBe("Thought: so\nAction: go north");
  });

  it("joins everything said since the last reply, and keeps what follows the last one", () => {
    const draft = eto.read(
      {
        id: "maze_1",
        conversations: [
          { from: "human", value: "Observation: one" },
          { from: "observation", value: "two" },
          { from: "gpt", value: "Action: go" },
          { from: "gpt", value: "Action: stop" },
          { from: "human", value: "Observation: end" },
        ],
      },
      defaults,
    );
    expect(draft.steps.map((step) => [step.observation, step.action])).toEqual([
      ["one\ntwo", "go"],
      ["", "stop"],
    ]);
    expect(draft.steps[1]?.messages?.input).toEqual([]);
    expect(draft.finalObservation).toBe("end");
  });

  it("takes rules and their acknowledgement as the opening, an ordinary first exchange as a step", () => {
    const chat = (reply: string) => ({
      environment: "e",
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "rules" },
        { role: "assistant", content: reply },
        { role: "user", content: "page" },
        { role: "assistant", content: "go" },
      ],
    });
    expect(openai.read(chat("Ok."), defaults).opening).toHaveLength(3);
    expect(openai.read(chat("Okay, which one?"), defaults).opening).toHaveLength(1);
  });

  it("does not read a chat reply that merely mentions an action as ReAct", () => {
    const messages = [
      { role: "user", content: "?" },
      { role: "assistant", content: "There is one more. Action: none needed" },
    ];
    expect(openai.read({ environment: "e", messages }, defaults).steps[0]).toMatchObject({
      thought: null,
      action: "There is one more. Action: none needed",
    });
  });

  it("refuses images and a chat without a reply, saying where", () => {
    const image = [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }];
    expect(() => openai.read({ environment: "e", messages: image }, defaults)).toThrowError(
      /messages\[0\]\.content/,
    );
    const silent = [{ role: "user", content: "?" }];
    expect(() => openai.read({ environment: "e", messages: silent }, defaults)).toThrowError(/no reply/);
  });
});

describe("native", () => {
  const line = {
    format: "gleaner/1",
    environment: "e",
    subtaskKey: "k",
    instruction: "i",
    steps: [{ observation: "o", action: "a" }],
  };

  it("names a misspelt key instead of losing it", () => {
    expect(() => native.read({ ...line, subtask_key: "x" }, defaults)).toThrowError(/subtask_key/);
    expect(() => native.read({ ...line, steps: [{ observation: "o" }] }, defaults)).toThrowError(
      /steps\[0\]\.action/,
    );
    expect(() => native.read({ ...line, format: "gleaner/2" }, defaults)).toThrowError(/format/);
  });

  it("lets the record's own success stand against the reward", () => {
    expect(native.read({ ...line, reward: 0.9, success: true }, defaults)).toMatchObject({
      reward: 0.9,
      success: true,
    });
  });

  it("refuses names no index could hold", async () => {
    const text = JSON.stringify({ ...line, subtaskKey: "k".repeat(401) });
    for await (const record of readRecords(bytes(text), { defaults })) {
      expect(record).toMatchObject({ ok: false, reason: expect.stringContaining("subtaskKey") });
    }
  });
});

it("answers an unknown format with the known ones", async () => {
  await expect(readRecords(bytes("{}"), { format: "csv", defaults }).next()).rejects.toMatchObject({
    code: "invalid_input",
    fix: expect.stringContaining("agenttraj"),
  });
});

describe("evidence", () => {
  const read = async (text: string) => {
    const lines: EvidenceLine[] = [];
    for await (const line of readEvidence(bytes(text))) lines.push(line);
    return lines;
  };
  const one = { trajectory: "webshop_6", state: 2, attempt: 0, outcome: "success" };

  it("reads the documented lines", async () => {
    const full = { ...one, reward: 1, checkpoint: "c", steps: [{ observation: "o", action: "a" }] };
    const lines = await read(`${JSON.stringify(one)}\n${JSON.stringify(full)}\n`);
    expect(lines.map((line) => line.ok && line.evidence)).toEqual([
      one,
      { ...full, steps: [{ observation: "o", thought: null, action: "a", reward: null, messages: null }] },
    ]);
  });

  it.each([
    [{ ...one, state: -1 }, /state/],
    [{ ...one, state: 1.5 }, /state/],
    [{ ...one, outcome: "won" }, /outcome/],
    [{ ...one, reward: 2 }, /reward/],
    [{ ...one, atempt: 1 }, /atempt/],
    [{ ...one, trajectory: "" }, /trajectory/],
  ])("rejects %j with its place", async (line, reason) => {
    const [bad, fine] = await read(`${JSON.stringify(line)}\n${JSON.stringify(one)}`);
    expect(bad).toMatchObject({ ok: false, line: 1, byteOffset: 0, reason: expect.stringMatching(reason) });
    expect(fine?.ok).toBe(true);
  });

  it("is a schema others can check against", () => expect(EvidenceRecord.parse(one)).toEqual(one));
});
