import { onTestFinished } from "vitest";
import type { Environment } from "@/lib/core/ports";
import type { KindName } from "@/lib/environments/agentgym/config";
import { agentgym } from "@/lib/environments/agentgym/environment";
import { startAgentGymServer, type AgentGymServer } from "./agentgym-server";

/** A server for one test. */
export async function aServer(
  kind: KindName,
  options?: Parameters<typeof startAgentGymServer>[1],
): Promise<AgentGymServer> {
  const server = await startAgentGymServer(kind, options);
  onTestFinished(() => server.close());
  return server;
}

/** The driver, connected for one test with short waits. */
export async function connectTo(
  { url }: Pick<AgentGymServer, "url">,
  kind: KindName,
  change: Record<string, unknown> = {},
): Promise<Environment> {
  const config = { server: url, kind, timeoutMs: 400, ...change };
  const environment = await agentgym.connect(agentgym.Config.parse(config));
  onTestFinished(() => environment.close());
  return environment;
}
