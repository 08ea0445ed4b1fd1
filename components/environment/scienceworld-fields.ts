import type { DriverField } from "./driver-field";

/** What the form asks of this driver. */
export const scienceworld: DriverField[] = [
  {
    kind: "choice",
    path: "tasks",
    label: "Tasks",
    hint: "AgentGym numbers a part of them; choose its games to replay AgentTraj’s sciworld trajectories.",
    initial: "all",
    options: [
      { value: "all", label: "every task and variation" },
      { value: "agentgym", label: "AgentGym’s 4,639 games" },
    ],
  },
  {
    kind: "text",
    path: "simplifications",
    label: "Simplifications (optional)",
    hint: "“easy”, or the simulator’s own names with commas between them; AgentGym uses none.",
    initial: "",
  },
  {
    kind: "path",
    path: "jar",
    label: "The simulator’s jar (optional)",
    hint: "Without it the one that npm run env -- install scienceworld fetched.",
    initial: "",
  },
  {
    kind: "number",
    path: "jvms",
    label: "JVMs (optional)",
    hint: "Episodes at once, one JVM each; without it one per core.",
    initial: "",
  },
  {
    kind: "number",
    path: "memoryMb",
    label: "Memory of one JVM, MB",
    hint: "What it may take for its objects; the process takes about half as much again.",
    initial: "256",
  },
  {
    kind: "number",
    path: "maxMoves",
    label: "Moves",
    hint: "An episode ends after so many; waiting takes many at once, looking takes none.",
    initial: "100",
  },
];
