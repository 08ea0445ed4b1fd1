import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Environment, EnvironmentDriver, Episode, Observation, StepResult } from "@/lib/core/ports";
import { driverOf } from "@/lib/core/drivers";
import { environments, type EnvironmentDriverId } from "@/lib/environments/registry";
import { startAgentGymServer, type AgentGymServer } from "../support/agentgym-server";
import { scienceworldMissing, simulatorJar } from "../support/scienceworld";

/** How to try a driver: a configuration, an actor that ends its episodes, and what this machine lacks for it. */
type Trial = {
  /** Starts what the driver connects to, where it is ours to start. */
  config: () => Promise<unknown>;
  /** Stops what `config` started. */
  stop?: () => Promise<void>;
  act: (seen: Observation, stepIndex: number) => string;
  /** Why it cannot be tried here; absent or null where it can. */
  missing?: string | null;
};

/** Crafts the goal of a task that takes one command, after some actions that are none; remembers its first text. */
function craftOnce(): Trial["act"] {
  let script: string[] = [];
  return ({ text }, stepIndex) => {
    if (stepIndex === 0) {
      const goal = /Goal: craft (.*)\.$/.exec(text)?.[1];
      const command = text.split("\n").find((line) => new RegExp(`^craft \\d+ ${goal} using `).test(line));
      const parts = command?.split(" using ")[1]?.split(", ") ?? [];
      const odd = [
        "inventory",
        "nonsense",
        `get 1 ${goal}`,
        command ?? "",
        "get 0 nothing",
        "craft 1 x using y",
      ];
      script = [...odd, ...parts.map((part) => `get ${part}`), "inventory", command ?? ""];
    }
    return script[stepIndex] ?? "inventory";
  };
}

let served: AgentGymServer | null = null;

const trials: Record<EnvironmentDriverId, Trial> = {
  agentgym: {
    config: async () => {
      served = await startAgentGymServer("textcraft");
      return { server: served.url, kind: "textcraft" };
    },
    stop: async () => served?.close(),
    act: (_seen, stepIndex) => {
      const script = ["dance", "Action: get\nAction: get", "get 1 stick", "get 1 coal", "inventory"];
      const crafts = ["craft 1 torch using 1 stick, 1 coal", "craft 1 ladder using 1 stick, 1 coal"];
      return [...script, ...crafts][stepIndex] ?? "inventory";
    },
  },
  scienceworld: {
    config: async () => ({ jar: simulatorJar, jvms: 2, maxMoves: 25 }),
    act: (_seen, stepIndex) => {
      // The boxes of seeds make an ambiguous request, and `0` answers it; two long waits use the moves up.
      const script = [
        "open door to greenhouse",
        "go to greenhouse",
        "pick up box",
        "0",
        "fly",
        "look around",
      ];
      return [...script, "open door to kitchen", "inventory", "wait1", "wait"][stepIndex] ?? "wait";
    },
    missing: scienceworldMissing(),
  },
  textcraft: { config: async () => ({}), act: craftOnce() },
  webshop: {
    config: async () => ({}),
    act: ({ text, actions }, stepIndex) => {
      const wish = /Find me (.*?)(?:, and price lower| \[SEP\])/.exec(text)?.[1] ?? "lamp";
      const open = actions ?? [];
      const script = [
        `search[${wish}]`,
        "click[next >]",
        "click[< prev]",
        `click[${open[2]}]`,
        "click[features]",
      ];
      const rest = ["click[no such thing]", "click[< prev]", `click[${open.at(-1)}]`, "click[Buy Now]"];
      return [...script, ...rest][stepIndex] ?? "search[lamp]";
    },
  },
};
const LONGEST = 100;

type Recording = { start: Observation; actions: string[]; results: StepResult[] };

async function record(episode: Episode, act: Trial["act"]): Promise<Recording> {
  const recording: Recording = { start: episode.start, actions: [], results: [] };
  let seen: Observation = episode.start;
  for (let i = 0; i < LONGEST; i++) {
    const action = act(seen, i);
    const result = await episode.step(action);
    recording.actions.push(action);
    recording.results.push(result);
    if (result.done) return recording;
    seen = result;
  }
  throw new Error(`the actor did not end its episode within ${LONGEST} steps`);
}

const titleOf = ({ missing }: Trial, driverId: string) =>
  missing ? `environment ${driverId} (skipped: ${missing})` : `environment ${driverId}`;

for (const driverId of Object.keys(trials) as EnvironmentDriverId[])
  describe.skipIf(trials[driverId].missing)(titleOf(trials[driverId], driverId), () => {
    const { act } = trials[driverId];
    const driver: EnvironmentDriver = environments[driverId];
    const opened: Environment[] = [];
    let config: unknown;
    const connect = async () => {
      const connected = await driver.connect(driver.Config.parse(config));
      opened.push(connected);
      return connected;
    };
    let environment: Environment;
    let keys: [string, string];
    beforeAll(async () => {
      config = await trials[driverId].config();
      environment = await connect();
      const [first, second] = await environment.subtasks();
      if (!first || !second) throw new Error("a trial needs two subtasks");
      keys = [first.subtaskKey, second.subtaskKey];
    });
    afterAll(async () => {
      await Promise.all(opened.map((each) => each.close()));
      await trials[driverId].stop?.();
    });

    test("is registered under its own name and describes itself", () => {
      expect(environments[driverId].driverId).toBe(driverId);
      for (const text of [driver.title, driver.description, driver.normalizer, driver.needs ?? "nothing"])
        expect(text.trim()).not.toBe("");
      expect(environment.facts).not.toEqual([]);
    });

    test("lists subtasks once each, in a stable order, with a best reward in 0..1", async () => {
      const subtasks = await environment.subtasks();
      expect(new Set(subtasks.map((subtask) => subtask.subtaskKey)).size).toBe(subtasks.length);
      for (const { instruction, bestReward } of subtasks) {
        expect(instruction.trim()).not.toBe("");
        if (bestReward !== null) expect(bestReward >= 0 && bestReward <= 1).toBe(true);
      }
      expect(await (await connect()).subtasks()).toEqual(subtasks);
    });

    test("the same subtask and the same actions give the same observations, in another instance too", async () => {
      const first = await record(await environment.open(keys[0]), act);
      const again = await connect();
      expect(again.fingerprint).toBe(environment.fingerprint);
      expect(await record(await again.open(keys[0]), act)).toEqual(first);
    });

    test("replaying a recorded prefix reproduces it exactly", async () => {
      const recording = await record(await environment.open(keys[0]), act);
      for (let length = 0; length < recording.actions.length; length++) {
        const episode = await environment.open(keys[0]);
        expect(episode.start).toEqual(recording.start);
        for (let i = 0; i < length; i++)
          expect(await episode.step(recording.actions[i] ?? "")).toEqual(recording.results[i]);
        await episode.close();
      }
    });

    test("reward stays in 0..1", async () => {
      const { results } = await record(await environment.open(keys[1]), act);
      for (const { reward } of results) expect(reward >= 0 && reward <= 1).toBe(true);
    });

    test("a step after done is refused", async () => {
      const episode = await environment.open(keys[0]);
      const { actions } = await record(episode, act);
      await expect(episode.step(actions[0] ?? "")).rejects.toMatchObject({ code: "invalid_input" });
    });

    test("episodes and the environment may be closed twice", async () => {
      const own = await connect();
      const episode = await own.open(keys[0]);
      await episode.close();
      await episode.close();
      await own.close();
      await own.close();
    });

    test("interleaved episodes do not touch each other", async () => {
      const alone = [
        await record(await environment.open(keys[0]), act),
        await record(await environment.open(keys[1]), act),
      ];
      const together = [await environment.open(keys[0]), await environment.open(keys[1])];
      expect(together.map((episode) => episode.start)).toEqual(alone.map((recording) => recording.start));
      const longest = Math.max(...alone.map((recording) => recording.actions.length));
      for (let i = 0; i < longest; i++)
        for (const [which, recording] of alone.entries()) {
          const action = recording.actions[i];
          if (action !== undefined) expect(await together[which]?.step(action)).toEqual(recording.results[i]);
        }
    });

    test("an unknown subtask is not found", async () => {
      await expect(environment.open("no such subtask")).rejects.toMatchObject({ code: "not_found" });
    });

    test("normalising changes nothing a second time", () => {
      const once = environment.normalize("  a \n\n b  ");
      expect(environment.normalize(once)).toBe(once);
    });
  });

test("an unknown driver is answered with the known ones", () => {
  expect(() => driverOf(environments, "nowhere", "it")).toThrow(
    expect.objectContaining({ code: "invalid_input", fix: expect.stringContaining("webshop") }),
  );
  expect(() => driverOf(environments, "toString", "it")).toThrow(/toString/);
});
