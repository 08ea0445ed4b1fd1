import { describe, expect, it } from "vitest";
import type { ErrorCode } from "@/lib/core/errors";
import type { Fault } from "../support/agentgym-server";
import { aServer, connectTo } from "../support/agentgym-server-connect";

const instead = (body: unknown): Fault => ({ fault: "instead", body });
const played = { observation: "", reward: 0, score: 0, done: false };
const finished = "The task with environment 0 has finished.";

const faults: [string, Fault, ErrorCode, RegExp][] = [
  ["status 500", { fault: "status", status: 500 }, "environment_error", /status 500/],
  ["status 422", { fault: "status", status: 422 }, "environment_error", /did not understand/],
  ["a redirect", { fault: "status", status: 307 }, "environment_error", /status 307/],
  [
    "an error with status 200",
    { fault: "error", error: "no\u0000\nstep" },
    "environment_error",
    /error: no step/,
  ],
  ["an error without words", { fault: "error", error: "" }, "environment_error", /error: no words for it/],
  ["a finished episode", { fault: "error", error: finished }, "invalid_input", /finished/],
  ["a page", { fault: "not-json" }, "environment_error", /not JSON: <html>a proxy <\/html>/],
  ["six megabytes", { fault: "huge" }, "environment_error", /more than 5 MB/],
  ["a closed connection", { fault: "reset" }, "environment_unavailable", /cannot be reached/],
  ["silence", { fault: "silence" }, "environment_unavailable", /did not answer within 400 ms/],
  ["null", instead(null), "environment_error", /otherwise than sciworld does/],
  ["a text that is none", instead({ ...played, observation: 7 }), "environment_error", /at observation/],
];
const stepFaults: typeof faults = [
  ["no text", instead({ reward: 0, score: 0, done: false }), "environment_error", /without the text/],
  ["no score", instead({ observation: "", reward: 0, done: false }), "environment_error", /text or score/],
  ["a score off the scale", instead({ ...played, score: 1e9 }), "environment_error", /outside -100\.\.100/],
  ["no end said", instead({ ...played, done: "no" }), "environment_error", /at done/],
];

describe("answers no server of the kind gives", () => {
  it.each([...faults, ...stepFaults])(
    "%s instead of a step breaks the episode, and the next is played in another instance",
    async (_what, fault, code, message) => {
      const server = await aServer("sciworld");
      const environment = await connectTo(server, "sciworld");
      const episode = await environment.open("sciworld_0");
      server.fail("/step", fault);
      const broken = { code, message: expect.stringMatching(message) };
      await expect(episode.step("look around")).rejects.toMatchObject(broken);
      await expect(episode.step("look around")).rejects.toMatchObject({ code: "invalid_input" });
      await episode.close();
      const next = await environment.open("sciworld_0");
      expect((await next.step("look around")).text).toMatch(/hall/);
      expect(server.requests.at(-1)?.body).toMatchObject({ id: 1 });
    },
  );

  it.each([
    ...faults,
    ["no task", instead({ observation: "" }), "environment_error", /without the taskDescription/] as const,
  ])("%s instead of a reset opens nothing, and the next is opened", async (_what, fault, code, message) => {
    const server = await aServer("sciworld");
    const environment = await connectTo(server, "sciworld");
    server.fail("/reset", fault);
    const broken = { code, message: expect.stringMatching(message) };
    await expect(environment.open("sciworld_0")).rejects.toMatchObject(broken);
    await expect(environment.open("sciworld_0")).resolves.toBeDefined();
  });

  it.each<[string, Fault, boolean]>([
    ["status 500", { fault: "status", status: 500 }, true],
    ["status 503", { fault: "status", status: 503 }, true],
    ["an error with status 200", { fault: "error", error: "no java" }, true],
    ["silence", { fault: "silence" }, true],
    ["status 404", { fault: "status", status: 404 }, false],
    ["a fraction", instead({ id: 0.5 }), false],
  ])("%s instead of an instance: the environment is not there", async (_what, fault, retryable) => {
    const server = await aServer("sciworld");
    server.fail("/create", fault);
    const broken = { code: "environment_unavailable", retryable };
    await expect(connectTo(server, "sciworld")).rejects.toMatchObject(broken);
  });

  it("a greeting that is none, or a task past the server's last, is told as such", async () => {
    const server = await aServer("maze");
    const environment = await connectTo(server, "maze");
    server.fail("/reset", { fault: "error", error: "The game 24 is not valid." });
    await expect(environment.open("maze_24")).rejects.toMatchObject({ code: "not_found" });
    await expect(environment.open("maze_25")).rejects.toMatchObject({ code: "not_found" });
    expect(server.requests.filter(({ route }) => route === "POST /create")).toHaveLength(1);
    server.fail("/", instead({ hello: 1 }));
    await expect(connectTo(server, "maze")).rejects.toThrow(/something unexpected/);
  });
});

describe("one instance that no other equals", () => {
  it("is kept where the server answers with an error, for a new one would ask for other things", async () => {
    const server = await aServer("webshop");
    const environment = await connectTo(server, "webshop");
    const first = await environment.open("webshop_0");
    server.fail("/step", { fault: "status", status: 500 });
    await expect(first.step("click[search]")).rejects.toMatchObject({ code: "environment_error" });
    expect((await environment.open("webshop_0")).start).toEqual(first.start);
  });
});
