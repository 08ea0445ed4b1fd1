import { describe, expect, it } from "vitest";
import { openGate, type Gate } from "@/lib/core/gate";
import { inOrder, Route, type Replica } from "@/lib/policies/replicas";

const never = new AbortController().signal;
const pass = { leave: () => {} };
const words = Array.from({ length: 1000 }, (_, n) => `webshop/${n}`);
const servers = (count: number): Replica<string>[] =>
  Array.from({ length: count }, (_, n) => {
    const url = `http://h${n}/v1`;
    return { url, server: url, gate: openGate() };
  });
const firstOf = (replicas: Replica<string>[], word: string) => inOrder(replicas, word)[0]?.server ?? "";

/** A gate that is down while `state.down`, and was answered so often. */
function aServer(server: string) {
  const state = { down: false, answers: 0, waited: 0 };
  const gate: Gate = {
    pauses: true,
    get answers() {
      return state.answers;
    },
    enter: async () => {
      state.waited += 1;
      return pass;
    },
    enterUnlessDown: async () => (state.down ? null : pass),
    spendRetry: () => true,
  };
  return { state, replica: { url: server, server, gate } };
}

describe("the order of servers", () => {
  it("spreads the words evenly, whichever server stands first in the list", () => {
    const counts = new Map<string, number>();
    for (const word of words) {
      const first = firstOf(servers(4), word);
      expect(firstOf(servers(4).reverse(), word)).toBe(first);
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(60);
    expect(counts.size).toBe(4);
  });

  it("moves only a new server's share to it, and spreads those of a server that is gone", () => {
    const moved = words.filter((word) => firstOf(servers(5), word) !== firstOf(servers(4), word));
    expect(moved.length).toBeGreaterThan(140);
    expect(moved.length).toBeLessThan(260);
    for (const word of moved) expect(firstOf(servers(5), word)).toBe("http://h4/v1");
    const second = moved.map((word) => inOrder(servers(5), word)[1]?.server);
    expect(new Set(second).size).toBe(4);
  });
});

describe("a route", () => {
  it("goes to the next server while the first is down, and back", async () => {
    const [a, b] = [aServer("a"), aServer("b")];
    const route = new Route([a.replica, b.replica]);
    const asked: string[] = [];
    for (const down of [false, true, false]) {
      a.state.down = down;
      await route.enter(never);
      asked.push(route.server);
    }
    expect(asked).toEqual(["a", "b", "a"]);
  });

  it("waits for its only server, and looks around while all are down", async () => {
    const alone = aServer("a");
    alone.state.down = true;
    await new Route([alone.replica]).enter(never);
    expect(alone.state.waited).toBe(1);
    const [a, b] = [aServer("a"), aServer("b")];
    a.state.down = b.state.down = true;
    const route = new Route([a.replica, b.replica]);
    setTimeout(() => (b.state.down = false), 100);
    await route.enter(never);
    expect(route.server).toBe("b");
    b.state.down = true;
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("cancelled")), 50);
    await expect(route.enter(stop.signal)).rejects.toThrow("cancelled");
  });

  it("counts the answers of the server it asks, never fewer than before", async () => {
    const [a, b] = [aServer("a"), aServer("b")];
    a.state.answers = 5;
    b.state.answers = 100;
    const route = new Route([a.replica, b.replica]);
    const start = route.answers;
    b.state.answers += 10;
    expect(route.answers).toBe(start);
    a.state.answers += 2;
    expect(route.answers).toBe(start + 2);
    a.state.down = true;
    await route.enter(never);
    expect(route.answers).toBe(start + 2);
    b.state.answers += 3;
    expect(route.answers).toBe(start + 5);
  });
});
