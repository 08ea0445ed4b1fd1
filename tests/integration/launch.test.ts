import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { lockHolder, tryLock } from "../../lib/launch/lock.mjs";
import { applyMigrations, migrationState } from "../../lib/launch/migrations.mjs";
import { openPostgres } from "../../lib/launch/postgres.mjs";
import { withDatabase } from "../support/database";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), "gleaner-launch-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function queryOn(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Runs JavaScript in a process of its own, in the project's folder; `import … from "#launch/…"` is written out. */
function inProcess(code: string, env: Record<string, string> = {}): ChildProcess {
  const text = code.replaceAll("#launch", path.join(root, "lib/launch"));
  return spawn(process.execPath, ["--input-type=module", "-e", text], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function outputOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  await once(child, "close");
  return { code: child.exitCode, output };
}

async function until<T>(what: string, find: () => T | null | undefined | false): Promise<T> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    const found = find();
    if (found) return found;
    await sleep(50);
  }
  throw new Error(`waited 15 s for ${what}`);
}

const isRunning = (pid: number): boolean => {
  try {
    // A zombie is gone, it only has not been counted yet.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("the embedded database", () => {
  test("is joined, survives kill -9 with its rows and its address, and is stopped by whoever leaves last", async () => {
    const dir = path.join(scratch, "postgres");
    const first = await openPostgres(dir);
    expect(first.started).toBe(true);
    expect(statSync(path.join(dir, "password")).mode & 0o077).toBe(0);
    const url = first.url("postgres");
    await queryOn(url, "create table fact (id int); insert into fact values (1)");
    expect((await queryOn(url, "show fsync"))[0]).toEqual({ fsync: "on" });

    const second = await openPostgres(dir);
    expect([second.started, second.pid]).toEqual([false, first.pid]);

    process.kill(first.pid, "SIGKILL");
    await first.revive();
    expect(await queryOn(url, "select id from fact")).toEqual([{ id: 1 }]);

    await first.release();
    expect(await queryOn(url, "select id from fact")).toEqual([{ id: 1 }]);
    await second.release();
    await expect(queryOn(url, "select 1")).rejects.toThrow(/ECONNREFUSED/);
  });

  test("starts once when many ask at the same moment", async () => {
    const dir = path.join(scratch, "crowd");
    const servers = await Promise.all([1, 2, 3, 4].map(() => openPostgres(dir, { disposable: true })));
    expect(servers.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    for (const server of servers) await server.release();
  });

  test("does not take a stranger's process number for its server", async () => {
    const dir = path.join(scratch, "reused");
    const server = await openPostgres(dir);
    const stale = readFileSync(path.join(dir, "data", "postmaster.pid"), "utf8");
    await server.release();
    writeFileSync(path.join(dir, "data", "postmaster.pid"), stale.replace(/^\d+/, String(process.pid)));
    const again = await openPostgres(dir);
    expect(again.started).toBe(true);
    await again.release();
  });
});

describe("a lock", () => {
  test("admits one of many processes and ends with a process that is killed", async () => {
    const file = path.join(scratch, "locks", "one.lock");
    const code = `import { tryLock } from "#launch/lock.mjs";
      console.log((await tryLock(${JSON.stringify(file)}, { by: process.pid })) ? "mine" : "taken");
      await new Promise((resolve) => setTimeout(resolve, 20000));`;
    const rivals = [1, 2, 3, 4, 5, 6].map(() => inProcess(code));
    const answers = await Promise.all(
      rivals.map(async (rival) =>
        String((await once(rival.stdout as NonNullable<ChildProcess["stdout"]>, "data"))[0]),
      ),
    );
    expect(answers.filter((answer) => answer.includes("mine"))).toHaveLength(1);
    expect(await tryLock(file)).toBeNull();
    const holder = lockHolder(file);
    expect(rivals.map(({ pid }) => pid)).toContain(holder?.pid);
    for (const rival of rivals) rival.kill("SIGKILL");
    await Promise.all(rivals.map((rival) => rival.exitCode ?? rival.signalCode ?? once(rival, "exit")));
    const mine = await tryLock(file);
    expect(mine).not.toBeNull();
    mine?.release();
    expect(lockHolder(file)).toBeNull();
  });
});

describe("migrations", () => {
  const named = (name: string, sql: string) => ({ name, sql, checksum: name.padEnd(64, "0") });
  const one = named("9001_one", "create table one (id int); create table uno (id int);");
  const two = named("9002_two", "create table two (id int); select 1/0;");

  /** A database without our own migrations. */
  const withEmpty = (work: (url: string) => Promise<void>) =>
    withDatabase(async (url) => {
      await queryOn(url, "drop schema public cascade; create schema public");
      await work(url);
    });

  test("are applied once, whoever asks at the same moment", () =>
    withEmpty(async (url) => {
      const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url, [one])));
      expect(applied.flat()).toEqual(["9001_one"]);
      expect(await migrationState(url, [one])).toEqual({ pending: [], unknown: [], failed: [], edited: [] });
    }));

  test("that fail leave nothing behind, are named, and stop the next start", () =>
    withEmpty(async (url) => {
      await expect(applyMigrations(url, [one, two])).rejects.toThrow("9002_two failed: division by zero");
      expect(await queryOn(url, "select to_regclass('two') as there")).toEqual([{ there: null }]);
      await expect(applyMigrations(url, [one, two])).rejects.toThrow(
        "9002_two of the database was not finished",
      );
    }));

  test("of a newer version are not run under", () =>
    withEmpty(async (url) => {
      await applyMigrations(url, [one]);
      await expect(applyMigrations(url, [])).rejects.toThrow("newer version");
    }));
});

describe("the supervisor", () => {
  const program = path.join(scratch, "program.mjs");
  const pids = path.join(scratch, "pids");

  /** @param command how the program is started, as JavaScript */
  function supervise(command = `() => ({ args: [${JSON.stringify(program)}], env: {} })`): ChildProcess {
    mkdirSync(scratch, { recursive: true });
    writeFileSync(pids, "");
    writeFileSync(
      program,
      `import { appendFileSync } from "node:fs";
       appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n");
       setInterval(() => {}, 1000);`,
    );
    return inProcess(`import { bundled } from "#launch/bundled.mjs";
      import { createSupervisor } from "#launch/supervisor.mjs";
      import { main, untilStopped } from "#launch/main.mjs";
      await main(async ({ atEnd, serving }) => {
        const supervisor = createSupervisor(${JSON.stringify(path.join(scratch, "logs"))});
        atEnd(supervisor.stop);
        supervisor.add("worker", ${command});
        serving();
        return untilStopped;
      });`);
  }
  const started = () => readFileSync(pids, "utf8").split("\n").filter(Boolean).map(Number);

  test("starts a killed program again and says so, and stops it when told to", async () => {
    const launcher = supervise();
    const ended = outputOf(launcher);
    const [first] = await until("the first start", () => started().length === 1 && started());
    process.kill(Number(first), "SIGKILL");
    const [, second] = await until("the second start", () => started().length === 2 && started());
    launcher.kill("SIGTERM");
    const { code, output } = await ended;
    expect(output).toContain("! the worker stopped (killed by SIGKILL); starting it again in 0.5 s");
    expect(code).toBe(0);
    expect(isRunning(Number(second))).toBe(false);
  });

  test("says where sources do not compile, and starts them once they do", async () => {
    const source = path.join(scratch, "half-written.ts");
    mkdirSync(scratch, { recursive: true });
    writeFileSync(source, "const half: number =");
    const name = path.relative(root, source);
    const launcher = supervise(`() => ({ args: [bundled(${JSON.stringify(name)})], env: {} })`);
    const ended = outputOf(launcher);
    launcher.stdout?.once("data", () =>
      writeFileSync(
        source,
        `import { appendFileSync } from "node:fs";
         const pid: number = process.pid;
         appendFileSync(${JSON.stringify(pids)}, pid + "\\n");
         setInterval(() => {}, 1000);`,
      ),
    );
    await until("the start", () => started().length === 1);
    launcher.kill("SIGTERM");
    const { code, output } = await ended;
    expect(output).toContain("half-written.ts:1:20: ERROR: Unexpected end of file");
    expect(output).toContain("! the worker stopped (it could not be started); starting it again in 0.5 s");
    expect(code).toBe(0);
  });

  test("that is killed itself takes its programs with it", async () => {
    const launcher = supervise();
    const [pid] = await until("the start", () => started().length === 1 && started());
    await sleep(300); // until the program watches for us
    launcher.kill("SIGKILL");
    await until("the program's end", () => !isRunning(Number(pid)));
  });
});

describe("an expected failure is told in two lines, without a stack trace", () => {
  const openDatabase = `import { main } from "#launch/main.mjs"; import { openDatabase } from "#launch/database.mjs";
    await main(async ({ atEnd }) => atEnd((await openDatabase()).release));`;
  const choosePort = `import { main } from "#launch/main.mjs"; import { webPort } from "#launch/ports.mjs";
    await main(() => webPort("127.0.0.1", process.env.PORT));`;
  const linked = path.join(scratch, "linked_modules");
  symlinkSync(scratch, linked);
  const installInto = `import { main } from "#launch/main.mjs"; import { demandOwnPackages } from "#launch/install.mjs";
    await main(() => demandOwnPackages(${JSON.stringify(linked)}));`;
  const nowhere = "postgresql://a:secret@127.0.0.1:1/c";

  test.each([
    ["a port that is no number", choosePort, { PORT: "http" }, 'PORT is "http"'],
    [
      "a host that is not ours",
      choosePort.replace("127.0.0.1", "192.0.2.1"),
      { PORT: "0" },
      "cannot serve on",
    ],
    ["a database that does not answer", openDatabase, { DATABASE_URL: nowhere }, "nothing answers there"],
    [
      "an address that is none",
      openDatabase,
      { DATABASE_URL: "mysql://x" },
      "DATABASE_URL is no Postgres address",
    ],
    ["packages that belong to another folder", installInto, {}, "node_modules is a link"],
    ["a folder that cannot be made", openDatabase, { GLEANER_DATA: "/proc/gleaner" }, "/proc/gleaner"],
  ])("%s", async (_name, code, env, told) => {
    const ended = await outputOf(inProcess(code, env));
    expect(ended.output).toContain(told);
    expect(ended.output).toMatch(/^error: .+\nfix: {3}.+\n$/m);
    expect(ended.output).not.toMatch(/\n\s+at |secret/);
    expect(ended.code).toBe(1);
  });
});
