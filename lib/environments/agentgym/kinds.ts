import type { KindName } from "./config";
import type { Reading } from "./reply";
import { mazeRules, wordleRules } from "./rules";

/** What a reset told of an episode's beginning. */
export type Start = { observation: string; taskDescription: string | null; actions: string[] | null };

/** What a step told, whatever its kind calls it. */
export type Stepped = {
  text: string;
  reward: number;
  score: number | null;
  done: boolean;
  actions: string[] | null;
};

/** Words a client of AgentGym puts around what its server says, and the server's word list. */
export type Around = { rules: string | null; vocabulary: string[] };

/** How one of AgentGym's servers is spoken to and understood: everything the kinds differ in. */
export type Kind = {
  /** How instances are named: `{"id": 0}` and errors with status 200, or a bare integer and errors with status 500. */
  family: "id" | "env_idx";
  /** What stands before every route. */
  prefix: string;
  /** The program that serves it. */
  program: string;
  /** A name in what `GET /` says; null where all servers of the family say the same. */
  hello: string | null;
  /** What item ids begin with; the first is how tasks are listed. */
  names: readonly [string, ...string[]];
  /** How many tasks there are; null where every number is one. */
  tasks: number | null;
  /** How many are listed unless the settings say which. */
  listed: number;
  /** Body of a create request; undefined where none is sent. */
  create: object | undefined;
  /** What the task's number is called in a reset request. */
  resetField: string;
  /** What a reset answers: an object, `[text, null]` or the text alone. */
  resetShape: "object" | "pair" | "text";
  /** What a reset says beside the observation. */
  resetAlso: "taskDescription" | "actions" | null;
  /** Where a step's answer has its text. */
  textField: "observation" | "state";
  reading: Reading;
  /** The first observation as AgentGym's client puts it together. */
  first: (start: Start, around: Around) => string;
  /** The episode's return so far, 0..1. */
  reward: (step: Stepped) => number;
  /** Which number of a step's answer counts. */
  counts: "reward" | "score";
  /** What that number can be; anything else is no answer of this kind. */
  scale: readonly [number, number];
  /** Return from which on an episode is solved. */
  successThreshold: number;
  /** Where the open actions are: in a step's answer, in its text, asked for, always the same, or nowhere. */
  actions: "answered" | "in-text" | "asked" | readonly string[] | null;
  /** Where the first observation says what is asked: its first group; or the words, where it never does. */
  instruction: RegExp | string;
  /** What must be the same whenever a task is opened again. */
  remembered: "instruction" | "start";
  /** Instances numbered from 0, or drawn at random (and handed out twice once the server holds its most). */
  ids: "counted" | "drawn";
  /** Episodes would touch each other, or instances differ by what each draws: one is used, and one episode at a time. */
  alone: boolean;
  /** Resets share the server's random numbers, so no two may run at once. */
  resetsInTurn: boolean;
  /** Whether there is a close route. */
  closes: boolean;
  /** Longest episode the server allows; null where it says so itself by ending it. */
  maxSteps: number | null;
  /** What of an observation is compared with a recording. */
  compared: (text: string) => string;
  /** What makes its replays differ, a sentence each. */
  caveats: readonly string[];
};

const inUnit = (value: number) => Math.min(1, Math.max(0, value));
const asGiven = ({ reward }: Stepped) => inUnit(reward);
const asServed = ({ observation }: Start) => observation;
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1) ?? "";

const instancesCounted =
  "The server numbers its instances from 0 again after a restart; stop the workers before restarting it.";
const oneAccount = "All its episodes change one account outside, so one is played at a time.";
const livesOnline = "Its tools ask services on the internet, whose answers change.";

const byId = {
  family: "id",
  prefix: "",
  create: undefined,
  resetField: "data_idx",
  resetShape: "object",
  resetAlso: null,
  textField: "observation",
  counts: "reward",
  first: asServed,
  reward: asGiven,
  scale: [0, 1],
  successThreshold: 1,
  remembered: "instruction",
  ids: "counted",
  alone: false,
  resetsInTurn: false,
  maxSteps: null,
  compared: (text: string) => text,
  caveats: [instancesCounted],
} as const satisfies Partial<Kind>;

const byNumber = { ...byId, family: "env_idx", hello: null } as const satisfies Partial<Kind>;

const lmrl = {
  ...byId,
  program: "lmrlgym",
  hello: "LMRL-Gym",
  reading: "first-action",
  scale: [-100, 1],
  closes: false,
} as const satisfies Partial<Kind>;

const tools = {
  ...byNumber,
  create: { id: 0 },
  resetField: "id",
  resetShape: "text",
  reading: "whole",
  actions: null,
  instruction: /accomplish the goal: ([^]+?)(?:\nGive me one action\.|$)/,
  closes: false,
} as const satisfies Partial<Kind>;

const tool = (program: string, tasks: number, alone: boolean, caveats: readonly string[]): Kind => ({
  ...tools,
  program,
  alone,
  names: [program],
  tasks,
  listed: tasks,
  caveats: [instancesCounted, ...caveats],
});

/** All kinds. Source: AgentGym's servers and clients at 3ef9235. */
export const kinds: Record<KindName, Kind> = {
  webshop: {
    ...byNumber,
    program: "webshop",
    names: ["webshop"],
    tasks: 6910,
    listed: 6910,
    resetField: "session_id",
    resetShape: "pair",
    textField: "state",
    reading: "last-action",
    actions: "asked",
    instruction: /Instruction: \[SEP\] (.+?) \[SEP\] /s,
    ids: "drawn",
    alone: true,
    closes: false,
    caveats: [
      "Every instance draws its prices and price limits from the clock: one instance serves all episodes of a process, and trajectories recorded on other prices diverge.",
    ],
  },
  sciworld: {
    ...byId,
    program: "sciworld",
    hello: "ScienceWorld",
    names: ["sciworld"],
    tasks: 4639,
    listed: 4639,
    reading: "last-action",
    first: ({ taskDescription, observation }) => `${taskDescription ?? ""}\n${observation}`,
    resetAlso: "taskDescription",
    counts: "score",
    reward: ({ score }) => inUnit((score ?? 0) / 100),
    scale: [-100, 100],
    actions: null,
    instruction: /^(.+)/,
    closes: true,
    caveats: [
      ...byId.caveats,
      "ScienceWorld before 1.3.0 is not deterministic, and versions list the objects of a room in another order.",
    ],
  },
  alfworld: {
    ...byId,
    program: "alfworld",
    hello: "AlfWorld",
    names: ["alfworld"],
    tasks: 2620,
    listed: 2620,
    resetField: "game",
    resetAlso: "actions",
    reading: "last-action",
    first: ({ observation, actions }) => `${observation}\nAVAILABLE ACTIONS: ${(actions ?? []).join(",")}`,
    actions: "answered",
    instruction: /Your task is to: (.+)/,
    closes: false,
  },
  babyai: {
    ...byId,
    program: "babyai",
    hello: "BabyAI",
    names: ["babyai"],
    tasks: null,
    listed: 900,
    reading: "only-action",
    counts: "score",
    reward: ({ score }) => inUnit(score ?? 0),
    scale: [0, 1000],
    // The server ends an episode only with a reward above one half; a quick solution earns more than a slow one.
    successThreshold: 0.5,
    actions: "in-text",
    instruction: /^Your goal: (.+)/m,
    closes: true,
  },
  textcraft: {
    ...byId,
    program: "textcraft",
    hello: "TextCraft",
    names: ["textcraft"],
    tasks: null,
    listed: 544,
    create: {},
    reading: "only-action",
    actions: null,
    instruction: /^Goal: (.+?)\.?$/m,
    remembered: "start",
    resetsInTurn: true,
    closes: true,
    caveats: [
      ...byId.caveats,
      "Order and choice of the recipes shown follow Python's hash seed: start every server with PYTHONHASHSEED=0.",
    ],
  },
  maze: {
    ...lmrl,
    prefix: "/maze",
    names: ["maze", "lmrlgym_maze"],
    // The server knows a 26th, which starts on the goal: it refuses to begin it.
    tasks: 25,
    listed: 25,
    resetField: "game",
    first: ({ observation }, { rules }) => `${rules ?? mazeRules}\n${observation}`,
    // Versions of the game give each move 0, -1 or -4 and the goal 1 or 0; only the goal itself is a success.
    reward: ({ reward, done, text }) => (done && (reward >= 1 || /^success/i.test(text.trim())) ? 1 : 0),
    actions: ["move left", "move right", "move up", "move down"],
    instruction: "Reach the goal of the maze in as few steps as possible.",
    // The rules before the first view are the client's own words.
    compared: lastLine,
  },
  wordle: {
    ...lmrl,
    prefix: "/wordle",
    names: ["wordle", "lmrlgym_wordle"],
    tasks: null,
    listed: 980,
    resetField: "seed",
    first: (_start, { rules, vocabulary }) =>
      (rules ?? wordleRules).replaceAll("{{vocab}}", () => vocabulary.join("\n")),
    // Versions of the game give a miss 0 or -1 and the word 1 or 0; only the word itself is a success.
    reward: ({ reward, done, text }) => (done && (reward >= 1 || /^g( g){4}$/.test(text.trim())) ? 1 : 0),
    actions: null,
    instruction: "Guess the hidden word of five letters in at most six attempts.",
    // The rules are the client's own words; the list of words in them is the server's.
    compared: (text) => (/^[a-z]{5}(?:\n[a-z]{5})+$/m.exec(text)?.[0] ?? text).trim(),
  },
  sqlgym: {
    ...byNumber,
    program: "sqlgym",
    names: ["sqlgym", "bird"],
    tasks: 10_962,
    listed: 10_962,
    resetField: "item_id",
    resetShape: "pair",
    textField: "state",
    reading: "sql",
    actions: null,
    instruction: /^([^]+)$/,
    ids: "drawn",
    closes: false,
    caveats: ["The server holds eight instances and hands out old ones again when asked for more."],
  },
  searchqa: {
    ...tools,
    program: "searchqa",
    names: ["searchqa"],
    tasks: 221_328,
    listed: 51_713,
    instruction: /Question:\s*([^]+)$/,
    closes: true,
  },
  weather: tool("weather", 343, false, [livesOnline]),
  movie: tool("movie", 238, false, [livesOnline]),
  academia: tool("academia", 20, false, []),
  todo: tool("todo", 155, true, [livesOnline, oneAccount]),
  sheet: tool("sheet", 20, true, [livesOnline, oneAccount]),
};
