import { describe, expect, it } from "vitest";
import type { Environment } from "@/lib/core/ports";
import { ReplayDiverged, replayPrefix, verifyReplay } from "@/lib/core/replay";
import { corridorEnvironment, recordExpert } from "../support/corridor";

const map = "S.K.G";
const expert = recordExpert(map, ["right", "right", "take", "left", "leave"]);

async function divergence(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ReplayDiverged)) throw error ?? new Error("the replay did not diverge");
  return error.divergence;
}

async function replay(environment: Environment, steps: typeof expert.steps, count: number) {
  const episode = await environment.open(map);
  return replayPrefix(episode, (text) => environment.normalize(text), steps, count);
}

describe("replayPrefix", () => {
  it("answers the state it reached", async () => {
    const reached = await replay(corridorEnvironment(), expert.steps, 3);
    expect(reached).toMatchObject({
      observation: { text: expert.steps[3]?.observation },
      reward: 0,
      done: false,
    });
  });

  it("is where the episode starts when nothing is replayed", async () => {
    const reached = await replay(corridorEnvironment(), expert.steps, 0);
    expect(reached.observation.text).toBe(expert.steps[0]?.observation);
  });

  it("overlooks white space", async () => {
    const spaced = expert.steps.map((s) => ({
      ...s,
      observation: ` ${s.observation.replaceAll(" ", "\n ")}`,
    }));
    await expect(replay(corridorEnvironment(), spaced, 4)).resolves.toMatchObject({ done: false });
  });

  it("stops at the first different observation, with both texts", async () => {
    const found = await divergence(replay(corridorEnvironment({ driftsAt: 2 }), expert.steps, 4));
    expect(found).toEqual({
      stepIndex: 2,
      recorded: expert.steps[2]?.observation,
      replayed: `${expert.steps[2]?.observation} A draught blows.`,
    });
  });

  it("does not see a difference that lies behind the prefix", async () => {
    await expect(replay(corridorEnvironment({ driftsAt: 4 }), expert.steps, 3)).resolves.toBeDefined();
  });

  it("compares the start", async () => {
    const elsewhere = expert.steps.with(0, { ...recordExpert("S.G", ["right"]).steps[0]!, action: "right" });
    expect(await divergence(replay(corridorEnvironment(), elsewhere, 0))).toMatchObject({ stepIndex: 0 });
  });

  it("compares recorded rewards, and forgives rounding", async () => {
    const withReward = (reward: number | null) => expert.steps.with(1, { ...expert.steps[1]!, reward });
    await expect(replay(corridorEnvironment(), withReward(0.004), 3)).resolves.toBeDefined();
    await expect(replay(corridorEnvironment(), withReward(null), 3)).resolves.toBeDefined();
    expect(await divergence(replay(corridorEnvironment(), withReward(0.25), 3))).toEqual({
      stepIndex: 2,
      recorded: "reward 0.25",
      replayed: "reward 0",
    });
  });

  it("diverges where the episode ends although the recording goes on", async () => {
    const ended = expert.steps.with(1, { ...expert.steps[1]!, action: "leave" });
    const same = ended.with(2, { ...ended[2]!, observation: ended[1]!.observation });
    expect(await divergence(replay(corridorEnvironment(), same, 3))).toMatchObject({
      stepIndex: 2,
      replayed: expect.stringContaining("ended"),
    });
  });
});

describe("verifyReplay", () => {
  it("verifies a whole trajectory, its end and return included", async () => {
    expect(await verifyReplay(corridorEnvironment(), expert)).toEqual({
      state: "verified",
      divergence: null,
      reason: null,
    });
  });

  it("finds a difference in the last observation", async () => {
    const found = await verifyReplay(corridorEnvironment({ driftsAt: 5 }), expert);
    expect(found).toMatchObject({ state: "diverged", divergence: { stepIndex: 5 } });
    const unrecorded = { ...expert, finalObservation: null };
    expect(await verifyReplay(corridorEnvironment({ driftsAt: 5 }), unrecorded)).toMatchObject({
      state: "verified",
    });
  });

  it("finds a different return", async () => {
    const found = await verifyReplay(corridorEnvironment(), { ...expert, reward: 0.5 });
    expect(found).toMatchObject({ state: "diverged", divergence: { stepIndex: 5, recorded: "reward 0.5" } });
  });

  it("says so when the environment has no such subtask", async () => {
    const found = await verifyReplay(corridorEnvironment(), { ...expert, subtaskKey: "unknown-7" });
    expect(found).toMatchObject({ state: "not_replayable", reason: expect.stringContaining("unknown-7") });
  });

  it("closes its episode, diverged or not, and passes on what the environment throws", async () => {
    let open = 0;
    const environment = corridorEnvironment({ driftsAt: 2 });
    const counting: Environment = {
      ...environment,
      open: async (key) => {
        const episode = await environment.open(key);
        open += 1;
        const { start, instruction } = episode;
        return { start, instruction, step: (a) => episode.step(a), close: async () => void (open -= 1) };
      },
    };
    await verifyReplay(counting, expert);
    expect(open).toBe(0);
    const down: Environment = { ...environment, open: () => Promise.reject(new Error("down")) };
    await expect(verifyReplay(down, expert)).rejects.toThrow("down");
  });
});
