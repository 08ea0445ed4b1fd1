import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { bundled } from "../../lib/launch/bundled.mjs";

type Web = { child: ChildProcess; port: number | null };

/** Web processes that take decisions; who dies is started again until `end`. */
export function startWebs(count: number, databaseUrl: string) {
  const program = bundled("tests/support/review-history-web.ts");
  const webs: Web[] = [];
  let ended = false;

  function start(): void {
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const web: Web = { child, port: null };
    webs.push(web);
    createInterface(child.stdout).on("line", (line) => {
      const port = /^ready (\d+)$/.exec(line)?.[1];
      if (port) web.port = Number(port);
    });
    child.once("exit", () => {
      webs.splice(webs.indexOf(web), 1);
      if (!ended) start();
    });
  }

  for (let i = 0; i < count; i++) start();
  const ready = () => webs.flatMap((web) => (web.port === null ? [] : [{ ...web, port: web.port }]));
  return {
    /** Addresses of those that take decisions at the moment. */
    addresses: () => ready().map(({ port }) => `http://127.0.0.1:${port}/`),
    /** Kills one that is ready; false when none is. */
    kill(draw: () => number): boolean {
      const able = ready();
      const one = able[Math.floor(draw() * able.length)];
      return one?.child.kill("SIGKILL") ?? false;
    },
    end(): void {
      ended = true;
      for (const { child } of [...webs]) child.kill("SIGKILL");
    },
  };
}
