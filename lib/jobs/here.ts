import { randomUUID } from "node:crypto";
import type { Store } from "@/lib/core/store";
import { createConnections, type Registries } from "./connections";
import { createGates } from "./endpoint-gates";

/** How long what a command has in hand stays its own without word from it. */
export const LEASE_MS = 30_000;

/** How often a command looks whether there is more to do. */
export const LOOK_MS = 1000;

/** The sweep of a command sends no jobs: it takes what waits by itself. */
export const noQueue = { send: () => Promise.resolve() };

/** What a command is called beside the workers. */
export const ownerHere = (): string => `command:${process.pid}:${randomUUID().slice(0, 8)}`;

/** What a command that works beside the workers works with; `close` lets go of environments and endpoints. */
export function openHere(
  { store, environments, policies }: Registries & { store: Store },
  log: (line: string) => void,
) {
  const owner = ownerHere();
  const endpoints = createGates(store.endpoints, { owner, log });
  const connections = createConnections(store, { environments, policies }, endpoints.gates);
  return {
    deps: { store, connections, owner, leaseMs: LEASE_MS, log },
    async close(): Promise<void> {
      await connections.close();
      await endpoints.close();
    },
  };
}
