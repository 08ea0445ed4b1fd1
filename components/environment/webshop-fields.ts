import { built, type DriverField } from "./driver-field";

const inFiles = { path: "catalogue.kind", is: "files" };
/** What the form asks of this driver. */
export const webshop: DriverField[] = [
  built("catalogue.kind", [{ value: "files", label: "WebShop’s data files" }]),
  {
    kind: "path",
    path: "catalogue.items",
    label: "Items",
    hint: "e.g. items_shuffle_1000.json",
    initial: "",
    required: true,
    when: inFiles,
  },
  {
    kind: "path",
    path: "catalogue.instructions",
    label: "Instructions",
    hint: "attributes and instructions by product, e.g. items_ins_v2_1000.json",
    initial: "",
    required: true,
    when: inFiles,
  },
  {
    kind: "path",
    path: "catalogue.humanInstructions",
    label: "Instructions by people (optional)",
    hint: "items_human_ins.json; needed for the human goals",
    initial: "",
    when: inFiles,
  },
  {
    kind: "path",
    path: "catalogue.nouns",
    label: "Nouns (optional)",
    hint: "noun lists per product; without them they are guessed",
    initial: "",
    when: inFiles,
  },
  {
    kind: "path",
    path: "catalogue.prices",
    label: "Prices (optional)",
    hint: "those of a known run; without them they are drawn from the seed",
    initial: "",
    when: inFiles,
  },
  {
    kind: "choice",
    path: "goals",
    label: "Goals",
    hint: "AgentGym uses the synthetic ones.",
    initial: "synthetic",
    options: [
      { value: "synthetic", label: "synthetic" },
      { value: "human", label: "written by people" },
    ],
  },
  {
    kind: "choice",
    path: "observationMode",
    label: "Pages as",
    hint: "How a page is written out for the actor.",
    initial: "text",
    options: [
      { value: "text", label: "text, parts between [SEP]" },
      { value: "text_rich", label: "text_rich, one part a line" },
    ],
  },
  {
    kind: "switch",
    path: "showAttributes",
    label: "Attributes page",
    hint: "Products can have a page with their attributes; WebShop shows it only when asked to.",
    initial: "false",
  },
  {
    kind: "number",
    path: "priceSeed",
    label: "Seed of the prices",
    hint: "The same seed gives the same prices.",
    initial: "0",
  },
  {
    kind: "number",
    path: "limitSeed",
    label: "Seed of the price limits (optional)",
    hint: "Where limits are drawn apart from prices: 233 as in AgentGym’s server.",
    initial: "",
  },
];
