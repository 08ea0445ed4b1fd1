import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { nextProgram, quietEnv } from "./build.mjs";
import { LaunchError } from "./say.mjs";

const HOPELESS_AFTER = 4;
const noise =
  /^\s*(▲ Next\.js|- (Local|Network|Environments?|Experiments?)|✓ (Starting|Ready|Running next\.config)|⨯ agentUpgrade|$)/;

/** Lines of Next.js that tell a reader nothing the launcher does not tell better. */
export const worthShowing = (line) => !noise.test(line);

/** How to run the pages: `mode` is "start" (built) or "dev". */
export function webCommand(mode, { url, host, port }) {
  return {
    args: [nextProgram, mode, "-H", host, "-p", String(port)],
    env: {
      ...quietEnv,
      DATABASE_URL: url,
      NODE_ENV: mode === "dev" ? "development" : "production",
      PORT: String(port),
      HOST: host,
    },
  };
}

const anyAddress = new Set(["0.0.0.0", "::", ""]);

/** The address a browser on this machine can use. */
export function addressOf(host, port) {
  const name =
    anyAddress.has(host) || host === "127.0.0.1" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

const isLoopback = (host) => /^(127\.|localhost$|::1$)/.test(host);

export const exposureWarning = (host) =>
  isLoopback(host)
    ? null
    : `! HOST=${host}: anyone who can reach this machine can use Gleaner, there is no login`;

async function ask(host, port) {
  const target = anyAddress.has(host) ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${target}:${port}/`, {
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

/**
 * Waits until the pages answer.
 * @returns the HTTP status of the first answer
 * @throws LaunchError when the web server keeps ending
 */
export async function webAnswer(program, { host, port, logFile }) {
  for (;;) {
    const status = await ask(host, port);
    if (status !== null) return status;
    if (program.restarts() >= HOPELESS_AFTER) {
      const last = readFileSync(logFile, "utf8").trim().split("\n").slice(-6).join("\n  ");
      throw new LaunchError(
        `the web server does not start. Its last words:\n  ${last}`,
        `see all of them: ${logFile}`,
      );
    }
    await sleep(100);
  }
}
