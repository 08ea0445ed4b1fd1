import { AppError } from "@/lib/core/errors";
import type { PolicyRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { environments } from "@/lib/environments/registry";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import { z } from "zod";
import { createConnections, type Connections } from "./connections";
import { oneLine } from "./log";

/** Policies that ask a server say where it is. */
const Endpoint = z.object({ baseURL: z.url(), replicas: z.array(z.url()).default([]) });
const TIMEOUT_MS = 5000;

let errors = 0;

/** Runs one check; its answer is what is fine. */
async function check(work: () => Promise<string>): Promise<void> {
  try {
    console.log(`ok     ${oneLine(await work())}`);
  } catch (error) {
    errors += 1;
    const known = error instanceof AppError ? error : null;
    console.log(`error: ${oneLine(error instanceof Error ? error.message : String(error))}`);
    console.log(`fix:   ${known?.fix ?? "this should not happen; please report it"}`);
  }
}

async function checkEnvironments(store: Store, connections: Connections): Promise<void> {
  for (const row of await store.environments.list()) {
    const about = `environment “${row.name}” (${row.trajectories} trajectories)`;
    await check(async () => {
      if (row.driver === null)
        return `${about} has no driver: evidence can be imported, rollouts cannot be made`;
      const { environment } = await connections.environment(row);
      return `${about} answers: ${row.driver}, ${(await environment.subtasks()).length} subtasks`;
    });
  }
}

async function checkPolicies(store: Store, connections: Connections): Promise<void> {
  for (const row of await store.policies.list())
    await check(async () => {
      const { checkpoint } = await connections.policy(row.policyId);
      const endpoint = Endpoint.safeParse(row.config);
      if (!endpoint.success) return `policy “${row.name}” needs no server: ${checkpoint}`;
      const secret = row.hasSecret ? await store.policies.secret(row.policyId) : null;
      const servers = [endpoint.data.baseURL, ...endpoint.data.replicas];
      for (const baseURL of servers) await reach(row, baseURL, secret);
      const origins = servers.map((baseURL) => new URL(baseURL).origin);
      return `policy “${row.name}” answers: ${checkpoint} at ${origins.join(", ")}`;
    });
}

async function reach(row: PolicyRow, baseURL: string, secret: string | null): Promise<void> {
  const { origin } = new URL(baseURL);
  const answer = await fetch(`${baseURL.replace(/\/+$/, "")}/models`, {
    headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new AppError("endpoint_unavailable", `policy “${row.name}”: no answer from ${origin}`, {
      fix: "start the model server, or correct the policy's address",
      cause: error,
    });
  });
  await answer.body?.cancel();
  // A server without a list of models answers 404 and may well answer chats.
  if (answer.ok || answer.status === 404) return;
  throw new AppError(
    "endpoint_rejected",
    `policy “${row.name}”: ${origin} answered with status ${answer.status}`,
    {
      fix:
        answer.status === 401 || answer.status === 403
          ? "set the policy's key"
          : "correct the policy's address",
    },
  );
}

const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) {
  console.log("error: DATABASE_URL is not set\nfix:   npm run doctor");
  process.exit(1);
}
const store = createStore(databaseUrl);
const connections = createConnections(store, { environments, policies });
await check(async () => {
  await checkEnvironments(store, connections);
  await checkPolicies(store, connections);
  return "every environment and policy was asked";
});
await connections.close();
await store.close();
if (errors > 0) process.exitCode = 1;
