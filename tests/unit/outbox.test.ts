import { describe, expect, it } from "vitest";
import type { Wish } from "@/app/trajectories/[trajectoryId]/decisions";
import { createOutbox, UNREACHED } from "@/app/trajectories/[trajectoryId]/outbox";
import type { Page, Sent, Unsaved } from "@/app/trajectories/[trajectoryId]/outbox-kept";
import { buildReviewRows } from "@/lib/core/build-review-rows";

const desk: Page = { trajectoryId: 1, runId: 1, queueId: null, name: "desk_1" };
const other: Page = { trajectoryId: 2, runId: 1, queueId: null, name: "desk_2" };

const rows = buildReviewRows({
  trajectory: {
    trajectoryId: 1,
    environmentId: 1,
    environment: "desk",
    environmentName: "desk",
    subtaskKey: "desk_1",
    instruction: "sell",
    source: "expert",
    model: null,
    reward: 0,
    success: false,
    bestReward: null,
    opening: [],
    tools: null,
    stepCount: 3,
    recorded: { observations: 3, rewards: 0 },
    finalObservation: null,
    externalId: null,
    contentHash: "h",
    createdAt: new Date(0),
  },
  run: null,
  runs: [],
  facts: null,
  replay: { trajectoryId: 1, state: "unchecked", divergence: null, reason: null, checkedAt: null },
  stale: null,
  critiques: { counting: null, newest: null },
});

/** A server that keeps the contract of reviews: once per clientId, only upon the version that was seen. */
function aServer() {
  const log: string[] = [];
  const ids = new Set<string>();
  const versions = new Map<string, number>();
  const state = { up: true };
  const append = (page: Page, wish: Sent) => {
    const at = `${page.trajectoryId}/${wish.targetIndex}`;
    if (ids.has(wish.clientId)) return true;
    if ((versions.get(at) ?? 0) !== wish.expectedVersion) return false;
    ids.add(wish.clientId);
    versions.set(at, wish.expectedVersion + 1);
    log.push(`${at} ${wish.decision}`);
    return true;
  };
  const send = async (wish: Unsaved) => {
    await Promise.resolve();
    if (!state.up) return { ok: false as const, error: { code: UNREACHED, message: "down" } };
    if (append(wish.page, wish)) return { ok: true as const, value: rows };
    return { ok: false as const, error: { code: "conflict", message: "in the meantime" } };
  };
  return { log, send, append, state };
}

let made = 0;
const wish = (targetIndex: number, decision: Wish["decision"], expectedVersion = 0): Sent => ({
  clientId: `wish-${made++}`,
  target: "step",
  targetIndex,
  decision,
  reason: null,
  note: null,
  expectedVersion,
});
const withdraw = (targetIndex: number) => wish(targetIndex, "withdraw");
const kept = () => {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function aTab(server = aServer(), store = kept()) {
  const again: (() => void)[] = [];
  const box = createOutbox({ send: server.send, kept: store, later: (run) => void again.push(run) });
  return { box, server, store, again };
}

describe("decisions of a tab", () => {
  it("are taken back newest first, over trajectories, by new decisions", async () => {
    const { box, server } = aTab();
    box.decide(desk, [wish(0, "approve"), wish(1, "approve")], [withdraw(0), withdraw(1)]);
    box.decide(other, [wish(0, "veto")], [withdraw(0)]);
    expect(box.undo()?.page).toEqual(other);
    expect(box.undo()?.back.map(({ targetIndex }) => targetIndex)).toEqual([0, 1]);
    expect(box.undo()).toBeNull();
    await settled();
    expect(server.log).toEqual([
      "1/0 approve",
      "1/1 approve",
      "2/0 veto",
      "2/0 withdraw",
      "1/0 withdraw",
      "1/1 withdraw",
    ]);
    expect(box.get()).toMatchObject({ unsaved: [], order: 6 });
  });

  it("on the same step are each taken back upon the undo before", async () => {
    const { box, server } = aTab();
    box.decide(desk, [wish(0, "approve")], [withdraw(0)]);
    box.decide(desk, [wish(0, "veto", 1)], [wish(0, "approve")]);
    box.undo();
    box.undo();
    await settled();
    expect(server.log).toEqual(["1/0 approve", "1/0 veto", "1/0 approve", "1/0 withdraw"]);
  });

  it("are not taken back over what somebody else decided since, and say so", async () => {
    const { box, server } = aTab();
    box.decide(desk, [wish(0, "approve")], [withdraw(0)]);
    box.decide(desk, [wish(0, "veto", 1)], [wish(0, "approve")]);
    await settled();
    server.append(desk, wish(0, "approve", 2));
    box.undo();
    await settled();
    expect(box.get().unsaved.map(({ failure }) => failure?.code)).toEqual(["conflict"]);
    expect(box.undo()).toBeNull();
    expect(server.log).toHaveLength(3);
  });

  it("outlive a server that is away, a reload, and are stored once", async () => {
    const { box, server, store, again } = aTab();
    server.state.up = false;
    box.decide(desk, [wish(0, "approve")], [withdraw(0)]);
    box.decide(desk, [wish(0, "veto", 1)], [wish(0, "approve")]);
    box.decide(other, [wish(0, "approve")], [withdraw(0)]);
    await settled();
    expect(box.get().unsaved.map(({ failure }) => failure !== null)).toEqual([true, true, true]);
    expect(again, "one more try for all").toHaveLength(1);
    server.state.up = true;
    const reloaded = aTab(server, store).box;
    reloaded.subscribe(() => undefined);
    again[0]?.();
    await settled();
    expect(server.log.toSorted()).toEqual(["1/0 approve", "1/0 veto", "2/0 approve"]);
    expect(reloaded.get().unsaved).toEqual([]);
    expect(reloaded.undo()?.page).toEqual(other);
    expect(reloaded.undo()?.back[0]).toMatchObject({ decision: "approve", expectedVersion: 2 });
  });

  it("that were refused are undone by dropping them, with what was decided upon them", async () => {
    const { box, server } = aTab();
    server.append(desk, wish(0, "veto"));
    const refused = wish(0, "approve");
    box.decide(desk, [refused], [withdraw(0)]);
    box.decide(desk, [wish(0, "veto", 1)], [wish(0, "approve")]);
    await settled();
    expect(box.get().unsaved).toHaveLength(2);
    expect(server.log).toEqual(["1/0 veto"]);
    box.discard(refused.clientId);
    expect(box.get()).toMatchObject({ unsaved: [], made: [] });
  });

  it("start anew where what was kept makes no sense", () => {
    const store = kept();
    store.setItem("gleaner:decisions", `{"unsaved":[{"clientId":1}]}`);
    expect(aTab(aServer(), store).box.get()).toMatchObject({ unsaved: [], made: [] });
  });
});
