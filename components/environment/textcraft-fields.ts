import { built, type DriverField } from "./driver-field";

/** What the form asks of this driver. */
export const textcraft: DriverField[] = [
  built("recipes.kind", [
    { value: "file", label: "one file of recipes" },
    { value: "directory", label: "a folder of recipes" },
  ]),
  {
    kind: "path",
    path: "recipes.path",
    label: "Recipes",
    hint: "the file, e.g. recipe_tree_compact.json",
    initial: "",
    required: true,
    when: { path: "recipes.kind", is: "file" },
  },
  {
    kind: "path",
    path: "recipes.path",
    label: "Recipes",
    hint: "the folder with one JSON file per recipe",
    initial: "",
    required: true,
    when: { path: "recipes.kind", is: "directory" },
  },
  {
    kind: "choice",
    path: "tasks.kind",
    label: "Tasks",
    hint: "Recorded tasks keep the very text they were recorded with.",
    initial: "tree",
    options: [
      { value: "tree", label: "one per craftable thing" },
      { value: "file", label: "those of recorded episodes" },
    ],
  },
  {
    kind: "path",
    path: "tasks.path",
    label: "Recorded episodes",
    hint: "AgentTraj conversations, or goals with their commands",
    initial: "",
    required: true,
    when: { path: "tasks.kind", is: "file" },
  },
  {
    kind: "number",
    path: "tasks.seed",
    label: "Seed of the commands shown",
    hint: "The same seed shows the same commands.",
    initial: "0",
    when: { path: "tasks.kind", is: "tree" },
  },
  {
    kind: "number",
    path: "tasks.distractors",
    label: "Commands not needed",
    hint: "How many are shown beside those the goal needs.",
    initial: "10",
    when: { path: "tasks.kind", is: "tree" },
  },
  {
    kind: "choice",
    path: "actions",
    label: "Actions are read",
    hint: "AgentGym’s client drops unusual characters before the engine sees an action.",
    initial: "raw",
    options: [
      { value: "raw", label: "as the engine reads them" },
      { value: "agentgym", label: "after AgentGym’s client has cleaned them" },
    ],
  },
];
