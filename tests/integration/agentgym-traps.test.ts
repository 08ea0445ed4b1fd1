import { describe, expect, it } from "vitest";
import { gatherEvidence } from "@/lib/core/evidence";
import { runProbe, type ProbeTask } from "@/lib/core/probe";
import { recordEpisode } from "@/lib/core/record";
import { verifyReplay } from "@/lib/core/replay";
import type { Environment, Policy } from "@/lib/core/ports";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { aServer, connectTo } from "../support/agentgym-server-connect";

/** Takes the actions given, one a step. */
const scripted = (
  actions: string[],
  before: (stepIndex: number) => void | Promise<void> = () => {},
): Policy => ({
  checkpoint: "scripted",
  promptVersion: "scripted@1",
  async act({ history }) {
    await before(history.length);
    const action = actions[history.length] ?? "inventory";
    return {
      thought: null,
      action,
      message: { role: "assistant", content: `Action:\n${action}` },
      usage: null,
    };
  },
});
const signal = new AbortController().signal;

async function recorded(
  environment: Environment,
  subtaskKey: string,
  actions: string[],
): Promise<TrajectoryDraft> {
  const subtask = { subtaskKey, instruction: "", bestReward: null, taskType: null, split: null };
  const source = "expert" as const;
  const named = { environmentName: "here", driverId: "agentgym", seed: () => 0, signal };
  return recordEpisode({
    environment,
    subtask,
    policy: scripted(actions),
    source,
    maxSteps: actions.length,
    ...named,
  });
}

function probeOf(
  environment: Environment,
  { subtaskKey, steps }: TrajectoryDraft,
  policy: Policy,
): ProbeTask {
  return {
    ...{
      environment,
      policy,
      subtaskKey,
      expertSteps: steps,
      maxSteps: 6,
      successThreshold: 1,
      recorded: [],
      signal,
    },
    conversation: { driverId: "agentgym", instruction: "", opening: [] },
    probe: { stateIndex: 1, attempt: 0 },
    seed: (index) => index,
    recorder: { startCall: async () => true, recordStep: async () => true },
  };
}

describe("prices drawn anew for each instance", () => {
  it("one process uses one instance, so that a task asks for the same thing every time", async () => {
    const server = await aServer("webshop");
    const environment = await connectTo(server, "webshop", { concurrentEpisodes: 8 });
    expect(environment.capabilities.concurrentEpisodes).toBe(1);
    expect(environment.caveats.join(" ")).toMatch(/prices/);
    const asked = [];
    for (let i = 0; i < 4; i++) {
      const episode = await environment.open("webshop_5");
      asked.push(episode.instruction);
      await episode.close();
    }
    expect(new Set(asked).size).toBe(1);
    expect(server.requests.some(({ route }) => route === "GET /state")).toBe(false);
  });

  it("another instance asks for another price, and a trajectory of the first diverges at its start", async () => {
    const server = await aServer("webshop");
    const here = await connectTo(server, "webshop");
    const trajectory = await recorded(here, "webshop_0", ["search[lamp]", "click[B01]", "click[Buy Now]"]);
    expect(trajectory).toMatchObject({ reward: 0.5, success: false });
    expect(await verifyReplay(here, trajectory)).toMatchObject({ state: "verified" });
    const there = await connectTo(server, "webshop");
    expect(await verifyReplay(there, trajectory)).toMatchObject({
      state: "diverged",
      divergence: {
        stepIndex: 0,
        recorded: expect.stringContaining("40.00"),
        replayed: expect.stringContaining("50.00"),
      },
    });
  });

  it("after a restart the driver says that a task it knows is another one", async () => {
    const server = await aServer("webshop");
    const environment = await connectTo(server, "webshop");
    await (await environment.open("webshop_0")).close();
    server.restart();
    await expect(environment.open("webshop_0")).rejects.toThrow(/no longer knows its instance/);
    await expect(environment.open("webshop_0")).rejects.toMatchObject({
      code: "environment_error",
      message: expect.stringMatching(/another task than when it was opened before/),
      fix: expect.stringMatching(/webshop --host/),
    });
    await expect(environment.open("webshop_1")).resolves.toBeDefined();
  });
});

describe("recipes ordered by Python's hash seed", () => {
  it("diverge on a server started with another seed, which the caveats tell", async () => {
    const here = await connectTo(await aServer("textcraft", { hashSeed: 0 }), "textcraft");
    const there = await connectTo(await aServer("textcraft", { hashSeed: 1 }), "textcraft");
    const trajectory = await recorded(here, "textcraft_0", ["get 1 coal", "dance"]);
    expect(await verifyReplay(here, trajectory)).toMatchObject({ state: "verified" });
    expect(await verifyReplay(there, trajectory)).toMatchObject({
      state: "diverged",
      divergence: { stepIndex: 0 },
    });
    expect(here.fingerprint).toBe(there.fingerprint);
    expect(there.caveats.join(" ")).toMatch(/PYTHONHASHSEED=0/);
  });

  it("are noticed by the driver when the server comes back with another seed", async () => {
    const server = await aServer("textcraft");
    const environment = await connectTo(server, "textcraft");
    await (await environment.open("textcraft_0")).close();
    server.restart({ hashSeed: 1 });
    await expect(environment.open("textcraft_0")).rejects.toThrow(/instance 0/);
    await expect(environment.open("textcraft_0")).rejects.toMatchObject({
      code: "environment_error",
      fix: expect.stringMatching(/PYTHONHASHSEED=0 textcraft/),
    });
  });

  it("and by random numbers all resets share, so they are asked for one at a time", async () => {
    const server = await aServer("textcraft");
    const environment = await connectTo(server, "textcraft");
    server.fail("/reset", { fault: "late", ms: 150 });
    const both = Promise.all([environment.open("textcraft_0"), environment.open("textcraft_1")]);
    await new Promise((resolve) => setTimeout(resolve, 75));
    expect(server.requests.filter(({ route }) => route === "POST /reset")).toHaveLength(1);
    await both;
    expect(server.requests.filter(({ route }) => route === "POST /reset")).toHaveLength(2);
  });
});

describe("a server that is restarted", () => {
  it.each(["textcraft", "weather"] as const)(
    "%s: every episode of before is lost, and none is played in an instance of after",
    async (kind) => {
      const server = await aServer(kind);
      const environment = await connectTo(server, kind);
      const [first, second] = [await environment.open(`${kind}_0`), await environment.open(`${kind}_1`)];
      server.restart();
      await expect(first.step("get 1 coal")).rejects.toMatchObject({
        code: "environment_error",
        retryable: true,
        message: expect.stringMatching(/no longer knows its instance/),
      });
      // The new server numbers from 0 again: what was instance 1 of the second episode is someone else's now.
      await environment.open(`${kind}_0`);
      await environment.open(`${kind}_0`);
      await expect(second.step("get 1 coal")).rejects.toMatchObject({
        code: "environment_error",
        message: expect.stringMatching(/restarted while it was played/),
      });
    },
  );

  it("a number handed out again tells of a restart too", async () => {
    const server = await aServer("sciworld");
    const environment = await connectTo(server, "sciworld");
    const first = await environment.open("sciworld_0");
    server.restart();
    await environment.open("sciworld_1");
    await expect(first.step("activate lamp")).rejects.toThrow(/restarted while it was played/);
  });

  it("gives errored rollouts, never evidence", async () => {
    const server = await aServer("textcraft");
    const environment = await connectTo(server, "textcraft");
    const expert = await recorded(environment, "textcraft_0", ["get 1 stick", "dance"]);
    const solving = ["get 1 stick", "get 1 coal", "craft 1 torch using 1 stick, 1 coal"];
    const whole = await runProbe(probeOf(environment, expert, scripted(solving)));
    expect(whole).toMatchObject({ status: "completed", success: true, reward: 1 });
    const cut = scripted(solving, (stepIndex) => (stepIndex === 2 ? server.restart() : undefined));
    const broken = await runProbe(probeOf(environment, expert, cut));
    expect(broken).toMatchObject({ status: "errored", code: "environment_error" });
    const away = scripted(solving, (stepIndex) => (stepIndex === 2 ? server.stop() : undefined));
    const gone = await runProbe(probeOf(environment, expert, away));
    expect(gone).toMatchObject({ status: "errored", code: "environment_unavailable" });
    await server.resume();
    const again = await runProbe(probeOf(environment, expert, scripted(solving)));
    expect(again).toMatchObject({ status: "completed", success: true });
    const at = { stateIndex: 1 };
    const outcomes = [whole, broken, gone, again].map((end) =>
      typeof end !== "string" && end.status === "completed"
        ? { ...at, status: "completed" as const, success: end.success, reward: end.reward }
        : { ...at, status: "errored" as const, success: null, reward: null },
    );
    expect(gatherEvidence(outcomes)).toMatchObject([
      { stateIndex: 1, attempts: 2, successes: 2, errored: 2 },
    ]);
  });
});

describe("ends the server decides on", () => {
  it("ScienceWorld ends after a hundred moves, without success, and at -100 with nothing", async () => {
    const environment = await connectTo(await aServer("sciworld"), "sciworld");
    const waits = await recorded(
      environment,
      "sciworld_0",
      Array.from({ length: 150 }, () => "wait1"),
    );
    expect(waits).toMatchObject({ reward: 0, success: false });
    expect(waits.steps).toHaveLength(101);
    const trapped = await recorded(environment, "sciworld_0", ["focus on lamp", "focus on trap"]);
    expect(trapped).toMatchObject({ reward: 0, success: false });
    expect(trapped.steps.map(({ reward }) => reward)).toEqual([0.5, 0]);
  });

  it("the maze is lost after fifty moves", async () => {
    const environment = await connectTo(await aServer("maze"), "maze");
    const lost = await recorded(
      environment,
      "maze_0",
      Array.from({ length: 60 }, () => "move up"),
    );
    expect(lost).toMatchObject({ reward: 0, success: false, finalObservation: "Failure\n" });
  });
});
