import type { DriverField } from "./driver-field";

const kinds =
  "webshop sciworld alfworld babyai textcraft maze wordle sqlgym searchqa weather movie academia todo sheet";
/** What the form asks of this driver. */
export const agentgym: DriverField[] = [
  {
    kind: "text",
    path: "server",
    label: "Server",
    hint: "Where AgentGym’s environment server listens, e.g. http://127.0.0.1:36001",
    initial: "",
    required: true,
  },
  {
    kind: "choice",
    path: "kind",
    label: "Which environment it serves",
    hint: "As AgentGym names it.",
    initial: "webshop",
    options: kinds.split(" ").map((kind) => ({ value: kind, label: kind })),
  },
  {
    kind: "choice",
    path: "worldType",
    label: "World",
    hint: "ALFWorld only: which of its worlds tasks are opened in.",
    initial: "Text",
    options: ["Text", "Embody", "Hybrid"].map((world) => ({ value: world, label: world })),
  },
  {
    kind: "path",
    path: "prompts",
    label: "AgentGym’s own words (optional)",
    hint: "JSON file with the messages its clients begin with; without it Gleaner’s words are used. Imported trajectories bring theirs.",
    initial: "",
  },
  {
    kind: "number",
    path: "indices.first",
    label: "First task (optional)",
    hint: "Its number as AgentGym counts; without it all that are known of this kind.",
    initial: "",
  },
  {
    kind: "number",
    path: "indices.count",
    label: "Tasks (optional)",
    hint: "How many from the first.",
    initial: "",
  },
  {
    kind: "number",
    path: "concurrentEpisodes",
    label: "Episodes at once",
    hint: "Kinds that draw anew for each instance take one, whatever is said here.",
    initial: "4",
  },
  {
    kind: "number",
    path: "timeoutMs",
    label: "Patience with one request, ms",
    hint: "A server that takes longer counts as broken.",
    initial: "60000",
  },
];
