import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import { AppError } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver, EnvironmentFact } from "@/lib/core/ports";
import type { Subtask } from "@/lib/core/trajectory";
import { AgentGymConfig } from "./config";
import { openEpisode, type Table, type Task } from "./episode";
import { readBeginning, readItemIds, type Beginning } from "./files";
import { Instances } from "./instances";
import { kinds, type Kind } from "./kinds";
import { protocolOf } from "./protocol";
import { recogniseServer } from "./recognise";
import { serverAt } from "./server";

/** Changes with every change of how the servers' answers are understood. */
const RULES = "agentgym@1";

/** The environments of AgentGym's suite, each behind its own HTTP server. */
export const agentgym: EnvironmentDriver<AgentGymConfig> = {
  driverId: "agentgym",
  title: "AgentGym server (WebShop, ScienceWorld, ALFWorld, BabyAI, TextCraft, games, tools)",
  description:
    "One of AgentGym's environment servers, spoken to over HTTP as AgentGym's own client does: the same first " +
    "observations, the same reading of replies.",
  normalizer:
    "runs of white space count as one space; of the maze only the last line, of the word game's start only its word list",
  needs: "a running AgentGym server of that kind",
  Config: AgentGymConfig,
  connect: connectAgentGym,
};

/**
 * Reaches the server, makes a first instance and finds out whether it is a server of the kind.
 * @throws AppError environment_unavailable when it cannot be reached or serves something else, or a file is unusable
 */
async function connectAgentGym(config: AgentGymConfig): Promise<Environment> {
  const kind = kinds[config.kind];
  const { origin, start } = addressOf(config, kind);
  const server = serverAt(origin, config.timeoutMs, start);
  const beginning = config.prompts ? await readBeginning(config.prompts, config.kind) : ours;
  const keys = await keysOf(config, kind);
  const limit = kind.alone ? 1 : config.concurrentEpisodes;
  const hello = await recogniseServer(server, kind, config.kind);
  const protocol = protocolOf(config, kind, server);
  const instances = new Instances({
    limit,
    waitMs: config.timeoutMs,
    counted: kind.ids === "counted",
    create: protocol.create,
    closeOnServer: protocol.close,
  });
  const first = await instances.take();
  const vocabulary = await protocol.vocabulary(first.id);
  instances.giveBack(first);
  const table: Table = {
    ...{ kind, protocol, instances, around: { rules: beginning.rules, vocabulary } },
    inTurn: inTurn(),
    recognise: rememberTasks(kind, start),
  };
  return {
    fingerprint: fingerprintOf(config, beginning),
    capabilities: {
      concurrentEpisodes: limit,
      successThreshold: kind.successThreshold,
      maxSteps: kind.maxSteps,
    },
    facts: factsOf(config, kind, { hello, keys, first: first.id }),
    caveats: [...kind.caveats],
    opening: beginning.opening,
    subtasks: async () => keys.map((subtaskKey) => listed(subtaskKey, config, kind)),
    open: async (subtaskKey, signal) => openEpisode(table, taskOf(subtaskKey, kind), signal),
    normalize: (observation) => kind.compared(observation).replace(/\s+/g, " ").trim(),
    close: () => instances.close(),
  };
}

const ours: Beginning = { opening: [], rules: null };

/** Where the routes begin, and the command that starts such a server there. */
function addressOf({ server }: AgentGymConfig, { prefix, program, remembered }: Kind) {
  const given = server.replace(/\/+$/, "");
  const origin = prefix !== "" && given.endsWith(prefix) ? given.slice(0, -prefix.length) : given;
  const { hostname, port, protocol } = new URL(origin);
  const listens = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const seed = remembered === "start" ? "PYTHONHASHSEED=0 " : "";
  return { origin, start: `${seed}${program} --host ${hostname} --port ${listens}` };
}

async function keysOf({ indices }: AgentGymConfig, kind: Kind): Promise<string[]> {
  if (typeof indices === "string") return readItemIds(indices, kind);
  const { first, count } = indices ?? { first: 0, count: kind.listed };
  if (kind.tasks !== null && first >= kind.tasks)
    throw new AppError(
      "invalid_input",
      `${kind.names[0]} has ${kind.tasks} tasks: none is at ${first} or after it`,
      {
        fix: "choose other indices",
      },
    );
  const length = Math.min(count, (kind.tasks ?? Infinity) - first);
  return Array.from({ length }, (_, i) => `${kind.names[0]}_${first + i}`);
}

function listed(subtaskKey: string, { kind: name }: AgentGymConfig, kind: Kind): Subtask {
  const words =
    typeof kind.instruction === "string"
      ? kind.instruction
      : `${name} task ${subtaskKey.slice(subtaskKey.lastIndexOf("_") + 1)} on this AgentGym server: its words are known once an episode opens`;
  return { subtaskKey, instruction: words, bestReward: null, taskType: null, split: null };
}

/** Reads `webshop_12` or `12`. */
function taskOf(subtaskKey: string, { names, tasks }: Kind): Task {
  const [, name, digits] = /^(?:([a-z_]+)_)?(\d{1,9})$/.exec(subtaskKey) ?? [];
  const index = Number(digits ?? -1);
  const known = name === undefined || names.includes(name);
  if (known && index >= 0 && (tasks === null || index < tasks)) return { subtaskKey, index };
  throw new AppError(
    "not_found",
    `AgentGym's ${names[0]} has no task ${JSON.stringify(subtaskKey.slice(0, 80))}`,
    {
      fix: `name one of ${names[0]}_0 to ${tasks === null ? `${names[0]}_999999999` : `${names[0]}_${tasks - 1}`}`,
    },
  );
}

function factsOf(
  { server, kind: name, worldType, prompts }: AgentGymConfig,
  kind: Kind,
  { hello, keys, first }: { hello: string; keys: string[]; first: number },
): EnvironmentFact[] {
  const range = keys.length === 1 ? `${keys[0]}` : `${keys[0]} to ${keys.at(-1)}`;
  const words = prompts ?? "Gleaner's own";
  return [
    { name: "server", value: server },
    { name: "kind", value: name },
    { name: "says", value: hello },
    { name: "instances", value: kind.family === "id" ? "named by id" : "named by env_idx" },
    { name: "first instance", value: `${first}` },
    { name: "tasks", value: `${keys.length}: ${range}` },
    { name: "prompts", value: words },
    ...(name === "alfworld" ? [{ name: "world", value: worldType }] : []),
  ];
}

/**
 * What changes the answers and is ours to know: the kind, its world, the words before the game. Not the address: the
 * same software behind another one answers the same, and that it is the same software no server can prove.
 */
function fingerprintOf({ kind, worldType }: AgentGymConfig, { rules }: Beginning): string {
  return createHash("sha256").update(canonicalJson({ RULES, kind, worldType, rules })).digest("hex");
}

/** One after the other, in the order asked. */
function inTurn(): Table["inTurn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (reset) => {
    const mine = last.then(reset, reset);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Remembers each task by what it first said, so that a server that draws anew is noticed. */
function rememberTasks(kind: Kind, start: string): Table["recognise"] {
  const known = new Map<string, string>();
  return (subtaskKey, text, instruction) => {
    const said = kind.remembered === "start" ? text : instruction;
    const digest = createHash("sha256").update(said).digest("base64");
    const before = known.get(subtaskKey) ?? digest;
    known.set(subtaskKey, before);
    if (before === digest) return;
    throw new AppError(
      "environment_error",
      `${subtaskKey} is another task than when it was opened before: the AgentGym server was restarted or draws anew`,
      {
        fix: `keep one server running for as long as its trajectories are used (${start}), and record them again on this one`,
      },
    );
  };
}
