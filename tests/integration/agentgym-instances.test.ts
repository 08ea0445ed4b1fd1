import { describe, expect, it } from "vitest";
import { aServer, connectTo } from "../support/agentgym-server-connect";

describe("instances of a server", () => {
  it("a full server that hands out an old one is found out", async () => {
    const server = await aServer("sqlgym", { atMost: 2 });
    const environment = await connectTo(server, "sqlgym", { concurrentEpisodes: 4 });
    await environment.open("sqlgym_0");
    await environment.open("sqlgym_1");
    await expect(environment.open("sqlgym_2")).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringMatching(/a second time/),
    });
  });

  it("an episode waits for one to come free, but not for ever and not once it is stopped", async () => {
    const server = await aServer("textcraft");
    const environment = await connectTo(server, "textcraft", { concurrentEpisodes: 1, timeoutMs: 200 });
    const first = await environment.open("textcraft_0");
    await expect(environment.open("textcraft_1")).rejects.toThrow(/the one instance .* stayed in use/);
    const stopping = new AbortController();
    const stopped = environment.open("textcraft_1", stopping.signal);
    const waiting = environment.open("textcraft_1");
    stopping.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    await first.close();
    expect((await waiting).start.text).toContain("ladder");
  });

  it("one that comes free just as its waiter is stopped goes to the next", async () => {
    const environment = await connectTo(await aServer("textcraft"), "textcraft", { concurrentEpisodes: 1 });
    const first = await environment.open("textcraft_0");
    const stopping = new AbortController();
    const stopped = environment.open("textcraft_1", stopping.signal);
    const waiting = environment.open("textcraft_1");
    const before = Date.now();
    void first.close();
    stopping.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    await waiting;
    expect(Date.now() - before).toBeLessThan(300);
  });

  it.each(["stopped", "closed"])(
    "a step under way when its episode is %s keeps its instance",
    async (how) => {
      const server = await aServer("textcraft");
      const environment = await connectTo(server, "textcraft", { concurrentEpisodes: 1, timeoutMs: 2000 });
      const stopping = new AbortController();
      const episode = await environment.open("textcraft_0", stopping.signal);
      server.fail("/step", { fault: "late", ms: 200 });
      const step = episode.step("get 1 coal");
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (how === "stopped") {
        stopping.abort(new Error("stopped"));
        await expect(step).rejects.toThrow("stopped");
      }
      await episode.close();
      const before = Date.now();
      const next = await environment.open("textcraft_0");
      expect(Date.now() - before).toBeGreaterThan(100);
      expect((await next.step("inventory")).text).toBe("Inventory: ");
    },
  );
});
