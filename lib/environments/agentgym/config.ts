import { z } from "zod";

/** The environments of AgentGym's suite this driver speaks to. WebArena's server drives browsers over other routes. */
export const kindNames = [
  "webshop",
  "sciworld",
  "alfworld",
  "babyai",
  "textcraft",
  "maze",
  "wordle",
  "sqlgym",
  "searchqa",
  "weather",
  "movie",
  "academia",
  "todo",
  "sheet",
] as const;
export type KindName = (typeof kindNames)[number];

const metadataHosts = /^(169\.254\.|\[fd00:ec2:|\[::ffff:a9fe:|metadata\.)/i;

function isServerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, search, hash } = new URL(text);
  const plain = username === "" && password === "" && search === "" && hash === "";
  return /^https?:$/.test(protocol) && plain && !metadataHosts.test(hostname);
}

const path = z.string().min(1);

/** Which server is spoken to, and how. Paths are read on the machine the worker runs on. */
export const AgentGymConfig = z.strictObject({
  /** Where the server listens, e.g. `http://127.0.0.1:36001`. */
  server: z.string().refine(isServerAddress, {
    error:
      "must be an http or https address without a name, password or query, and no cloud metadata address",
  }),
  kind: z.enum(kindNames, {
    error: (issue) =>
      issue.input === "webarena"
        ? "webarena's server drives browsers over routes of its own, which this driver does not speak"
        : `must be one of ${kindNames.join(", ")}`,
  }),
  /** Which tasks are listed: a range, or a JSON file of AgentTraj or AgentEval whose item ids are taken. */
  indices: z
    .union([z.strictObject({ first: z.int().min(0), count: z.int().min(1).max(1_000_000) }), path])
    .optional(),
  /** JSON file with the words AgentGym's own clients begin a conversation with; without it Gleaner's own are used. */
  prompts: path.optional(),
  /** Episodes at once in one process; kinds that draw anew for each instance take one whatever is said here. */
  concurrentEpisodes: z.int().min(1).max(64).default(4),
  /** For one request, from sending to the last byte of the answer. */
  timeoutMs: z.int().min(50).max(600_000).default(60_000),
  /** Which of ALFWorld's worlds its tasks are opened in; its server answers the same in each. */
  worldType: z.enum(["Text", "Embody", "Hybrid"]).default("Text"),
});
export type AgentGymConfig = z.infer<typeof AgentGymConfig>;
