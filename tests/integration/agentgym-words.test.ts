import { describe, expect, it } from "vitest";
import { z } from "zod";
import { recordEpisode } from "@/lib/core/record";
import { verifyReplay } from "@/lib/core/replay";
import { kindNames, type KindName } from "@/lib/environments/agentgym/config";
import { agenttraj } from "@/lib/importers/agenttraj";
import { renderConversation } from "@/lib/prompts/conversation";
import { aServer, connectTo } from "../support/agentgym-server-connect";
import { startOpenAIServer } from "../support/openai-server";
import { connectPolicy } from "../support/policies";
import { sharedDataMissing, sharedFile, sharedJson } from "../support/shared-data";

/** The replies of a model that keeps to no format, and one that solves task 0 of each kind. */
const stray = ["I wonder.", "Thought: two\nAction: wait1\nAction: wait1"];
const solving: Record<KindName, string[]> = {
  webshop: ["search[lamp]", "click[B00]", "click[Buy Now]"],
  sciworld: ["focus on lamp", "activate lamp"],
  alfworld: ["take cup 1", "go to desk 1", "put cup 1"],
  babyai: ["move forward", "move forward"],
  textcraft: ["get 1 stick", "get 1 coal", "craft 1 torch using 1 stick, 1 coal"],
  maze: ["move right", "move right", "move right", "move right"],
  wordle: ["c a b i n"],
  sqlgym: ["```sql\nSELECT count(*) FROM t\n```"],
  searchqa: ["<answer>0</answer>"],
  ...{ weather: [], movie: [], academia: [], todo: [], sheet: [] },
};
const toolCalls = ["get_temp with Action Input: {}", 'finish with Action Input: {"answer": 0}'];
const repliesOf = (kind: KindName) => {
  const calls = solving[kind].length === 0 ? toolCalls : solving[kind];
  return [...stray, ...calls.map((call) => `Thought: I go on.\nAction: ${call}`)];
};

const Said = z.object({ from: z.string(), value: z.string() });
const Sent = z.array(z.object({ role: z.string(), content: z.string() }));
const file = ["agentgym-prompts", "react_conversation_start.json"] as const;
const missing = sharedDataMissing(...file);

/** The beginning of a kind's conversations, found in the file by hand: the games share an entry. */
function beginning(kind: KindName): z.infer<typeof Said>[] {
  const all = z.record(z.string(), z.array(z.unknown())).parse(sharedJson(...file));
  const entries = all[kind === "maze" || kind === "wordle" ? "lmrlgym" : kind] ?? [];
  const said = entries.flatMap((entry) => Said.safeParse(entry).data ?? []);
  return kind === "wordle" ? said.slice(2, 4) : said.slice(0, 2);
}

async function playWithModel(kind: KindName) {
  const server = await aServer(kind);
  const environment = await connectTo(server, kind, { prompts: sharedFile(...file) });
  const replies = repliesOf(kind);
  const model = await startOpenAIServer(replies.map((reply) => ({ reply })));
  const policy = connectPolicy("openai", { baseURL: model.baseURL, model: "m" }, null);
  const [subtask] = await environment.subtasks();
  if (!subtask) throw new Error("no subtask");
  const draft = await recordEpisode({
    ...{ environment, environmentName: kind, driverId: "agentgym", subtask, policy, source: "expert" },
    ...{ maxSteps: replies.length, seed: () => 0, signal: new AbortController().signal },
  });
  await model.close();
  return { server, environment, replies, draft, asked: Sent.parse(model.requests.at(-1)?.body.messages) };
}

describe.skipIf(missing).each(kindNames)("with AgentGym's own words, %s", (kind) => {
  it("a model is asked exactly what AgentGym's client asks, whatever it replies", async () => {
    const { server, replies, draft, asked } = await playWithModel(kind);
    expect(draft).toMatchObject({ success: true });
    const [rules, ok] = beginning(kind);
    expect(asked.map(({ role }) => role)).toEqual(
      ["user", "assistant", ...replies.flatMap(() => ["user", "assistant"])].slice(0, -1),
    );
    expect(asked.slice(0, 2).map(({ content }) => content)).toEqual([rules?.value, ok?.value]);
    expect(asked.filter(({ role }) => role === "assistant").slice(1)).toEqual(
      replies.slice(0, -1).map((content) => ({ role: "assistant", content })),
    );
    const observations = asked.filter(({ role }) => role === "user").slice(1);
    expect(observations.map(({ content }) => content)).toEqual(
      draft.steps.map(({ observation }) => observation),
    );
    // Two actions at once are answered by the client of these two kinds; to all others each reply is a step.
    const steps = server.requests.filter(({ route }) => route === "POST /step").length;
    expect(steps).toBe(["babyai", "textcraft"].includes(kind) ? replies.length - 1 : replies.length);
  });

  it("an AgentTraj file of it is trained on text for text and replays on its server", async () => {
    const { server, environment, draft } = await playWithModel(kind);
    const sent = () => server.requests.filter(({ route }) => route === "POST /step").map(({ body }) => body);
    const played = sent();
    const spoken = renderConversation({ driverId: "agentgym", ...draft }, draft.steps).map(
      ({ role, content }) =>
        role === "user"
          ? { from: "human", loss: null, value: content }
          : { from: "gpt", loss: true, value: content },
    );
    const conversations = spoken.map((said, i) => (i === 1 ? { ...said, loss: false } : said));
    const imported = agenttraj.read(
      { item_id: draft.subtaskKey, conversations },
      { environment: null, source: "expert", model: null, withoutReward: "solved" },
    );
    expect(imported.opening).toEqual(draft.opening);
    const rendered = renderConversation({ driverId: "agentgym", ...imported }, imported.steps);
    expect(rendered.map(({ content }) => content)).toEqual(conversations.map(({ value }) => value));
    expect(await verifyReplay(environment, imported)).toEqual({
      state: "verified",
      divergence: null,
      reason: null,
    });
    expect(sent()).toEqual([...played, ...played]);
  });
});

describe.skipIf(missing)("the words before LMRL-Gym's games", () => {
  it.each(["maze", "wordle"] as const)(
    "%s: theirs with the file, ours without; both replay on each other",
    async (kind) => {
      const server = await aServer(kind);
      const [theirs, ours] = [
        await connectTo(server, kind, { prompts: sharedFile(...file) }),
        await connectTo(server, kind),
      ];
      const [their, our] = [await theirs.open(`${kind}_0`), await ours.open(`${kind}_0`)];
      expect(their.start.text).not.toBe(our.start.text);
      expect(their.start.text).not.toContain("{{vocab}}");
      expect(theirs.normalize(their.start.text)).toBe(ours.normalize(our.start.text));
      expect(theirs.fingerprint).not.toBe(ours.fingerprint);
      expect(ours.opening).toEqual([]);
    },
  );

  it("a file without the kind, or that is no such file, is told as such", async () => {
    const server = await aServer("maze");
    for (const path of [
      sharedFile("README.md"),
      sharedFile("nowhere.json"),
      sharedFile("textcraft", "episodes_10.json"),
    ])
      await expect(connectTo(server, "maze", { prompts: path })).rejects.toMatchObject({
        code: "environment_unavailable",
        message: expect.stringContaining(path),
      });
  });
});
