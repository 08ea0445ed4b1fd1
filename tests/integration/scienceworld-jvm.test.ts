import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect as connectTo } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { Environment } from "@/lib/core/ports";
import { runProbe, type ProbeTask } from "@/lib/core/probe";
import { Jvm } from "@/lib/environments/scienceworld/jvm";
import { SimulatorPool } from "@/lib/environments/scienceworld/pool";
import { Simulator } from "@/lib/environments/scienceworld/simulator";
import { environments } from "@/lib/environments/registry";
import { bundled } from "../../lib/launch/bundled.mjs";
import { policyOf } from "../support/corridor";
import { scienceworldMissing, simulatorJar } from "../support/scienceworld";

const { scienceworld } = environments;
const missing = scienceworldMissing();
const root = fileURLToPath(new URL("../..", import.meta.url));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function connect(settings: Record<string, unknown> = {}): Promise<Environment> {
  const config = { jar: simulatorJar, jvms: 1, ...settings };
  const environment = await scienceworld.connect(scienceworld.Config.parse(config));
  closing.push(() => environment.close());
  return environment;
}

const options = { jar: simulatorJar, memoryMb: 256, startTimeoutMs: 60_000, callTimeoutMs: 60_000 };

/** Process ids of the simulators that a process started. Read from /proc: these tests run where that is. */
function simulatorsOf(parent: number): number[] {
  const found: number[] = [];
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const isOurs = readFileSync(`/proc/${name}/cmdline`, "utf8").includes("py4j.GatewayServer");
      if (Number(ppid) === parent && state !== "Z" && isOurs) found.push(Number(name));
    } catch {
      // It ended while we looked.
    }
  return found;
}

const isGone = (pid: number) => !existsSync(`/proc/${pid}`);
async function until(fact: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!fact() && Date.now() < deadline) await sleep(20);
  expect(fact()).toBe(true);
}

const probeOf = (environment: Environment, act: () => string): ProbeTask => ({
  environment,
  policy: policyOf("tester", act),
  conversation: { driverId: "scienceworld", instruction: "", opening: [] },
  subtaskKey: "boil_0",
  expertSteps: [],
  probe: { stateIndex: 0, attempt: 0 },
  maxSteps: 3,
  successThreshold: 1,
  seed: () => 0,
  recorded: [],
  recorder: { startCall: async () => true, recordStep: async () => true },
  signal: new AbortController().signal,
});

describe.skipIf(missing ?? !existsSync("/proc/self/stat"))("simulators and their JVMs", () => {
  it("one killed mid-rollout makes the rollout errored, and the next has a fresh one", async () => {
    const environment = await connect();
    const [victim] = simulatorsOf(process.pid);
    const broken = await runProbe(
      probeOf(environment, () => {
        if (victim !== undefined) process.kill(victim, "SIGKILL");
        return "look around";
      }),
    );
    expect(broken).toMatchObject({
      status: "errored",
      code: "environment_error",
      message: expect.stringContaining("was killed by SIGKILL"),
    });
    const next = await runProbe(probeOf(environment, () => "look around"));
    expect(next).toMatchObject({ status: "completed", success: false });
    expect(simulatorsOf(process.pid)).not.toContain(victim);
  });

  it("one that does not answer in time is ended, and the next has a fresh one", async () => {
    const environment = await connect({ callTimeoutMs: 6000 });
    const episode = await environment.open("boil_0");
    const [victim = 0] = simulatorsOf(process.pid);
    process.kill(victim, "SIGSTOP");
    await expect(episode.step("look around")).rejects.toMatchObject({
      code: "environment_error",
      retryable: true,
      message: expect.stringContaining("did not answer within 6 s"),
    });
    await until(() => isGone(victim));
    await expect(episode.step("look around")).rejects.toMatchObject({ code: "invalid_input" });
    await (await environment.open("boil_0")).close();
  });

  it("one that runs out of memory ends, and says so", async () => {
    const simulator = await Simulator.start({ ...options, memoryMb: 64 });
    closing.push(() => simulator.close());
    await expect(simulator.act("x".repeat(40_000_000))).rejects.toMatchObject({
      code: "environment_error",
      message: expect.stringMatching(/OutOfMemory|exit code 3|heap/i),
    });
    expect(simulator.alive).toBe(false);
  });

  it("none is left after close, closed twice, and none in its folder", async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("gleaner-scienceworld-"));
    const before = new Set(folders());
    const environment = await connect({ jvms: 2 });
    await Promise.all([environment.open("boil_0"), environment.open("melt_0")]);
    const pids = simulatorsOf(process.pid);
    expect(pids).toHaveLength(2);
    await environment.close();
    await environment.close();
    await until(() => pids.every(isGone));
    expect(folders().filter((name) => !before.has(name))).toEqual([]);
    await expect(environment.open("boil_0")).rejects.toMatchObject({ code: "environment_unavailable" });
  });

  it("none outlives a process that is killed", async () => {
    const program = bundled("tests/support/jvm-holder.ts");
    const child = spawn(process.execPath, [program, JSON.stringify(options)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    const pid = Number(line);
    const home = readlinkSync(`/proc/${pid}/cwd`);
    child.kill("SIGKILL");
    await until(() => isGone(pid));
    expect(existsSync(home)).toBe(false);
  });

  it("takes no connection but ours", async () => {
    const jvm = await Jvm.start(options);
    closing.push(() => jvm.close());
    const port = await jvm.client.call({ ref: "GATEWAY_SERVER" }, "getListeningPort");
    expect(port).toBeGreaterThan(0);
    const stranger = connectTo(Number(port), "127.0.0.1");
    closing.push(async () => stranger.destroy());
    await expect(once(stranger, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("the pool starts them lazily, lends each once, uses it again, and lets idle ones go", async () => {
    let started = 0;
    const pool = new SimulatorPool(
      1,
      () => {
        started += 1;
        return Simulator.start(options);
      },
      300,
    );
    closing.push(() => pool.close());
    expect(started).toBe(0);
    const first = await pool.lend();
    const second = pool.lend();
    const third = pool.lend(AbortSignal.timeout(50));
    await expect(third).rejects.toMatchObject({ name: "TimeoutError" });
    pool.giveBack(first);
    pool.giveBack(first);
    expect(await second).toBe(first);
    expect(started).toBe(1);
    pool.giveBack(first);
    await until(() => !first.alive);
    expect(await pool.lend()).not.toBe(first);
    expect(started).toBe(2);
  });

  it("one that died while idle is not lent again", async () => {
    const environment = await connect();
    const [victim = 0] = simulatorsOf(process.pid);
    process.kill(victim, "SIGKILL");
    await until(() => isGone(victim));
    const episode = await environment.open("boil_0");
    expect(episode.start.text).toContain("Your task is to boil water");
  });
});

describe("what is missing", () => {
  const path_ = process.env.PATH;
  const home = process.env.JAVA_HOME;
  afterEach(() => {
    process.env.PATH = path_;
    if (home !== undefined) process.env.JAVA_HOME = home;
  });

  it("the jar: says how to install it", async () => {
    await expect(connect({ jar: "nowhere/scienceworld.jar" })).rejects.toMatchObject({
      code: "environment_unavailable",
      fix: expect.stringContaining("npm run env -- install scienceworld"),
    });
  });

  it("Java: says what to install", async () => {
    process.env.PATH = tmpdir();
    delete process.env.JAVA_HOME;
    await expect(connect({ jar: fileURLToPath(import.meta.url) })).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringContaining("Java"),
      fix: expect.stringMatching(/Java.*version 8/),
    });
  });

  it.skipIf(missing)("a file that is no simulator is told as such", async () => {
    await expect(connect({ jar: fileURLToPath(import.meta.url) })).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringContaining("is not the ScienceWorld simulator"),
    });
  });
});
