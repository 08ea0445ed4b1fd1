import type { RenderedTrajectory } from "@/lib/core/build-example";
import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ExportContext } from "@/lib/core/ports";
import type { ToolCall } from "@/lib/core/trajectory";
import { alone } from "@/lib/exporters/rows";
import { anExample, contextOf, examples, react, say } from "../support/examples";

const observation = (turn: number, words: number) =>
  `Page ${turn} [SEP] Ünïcødé 日本語 “röda skor” 😀 price: $12.99 [SEP] ${"[B07X] red mittens, size M; ".repeat(words)}`;

/** ReAct text with masked turns between trained ones; the first row is longer than any trainer's default. */
function shopping(row: number): Example {
  const messages = [say("system", "You shop.\nReply with thought and action.")];
  for (let turn = 0; turn < 6; turn += 1) {
    const words = row === 0 ? 150 : 3;
    messages.push(say("user", observation(turn, words)));
    const text = react(`I tried… “${turn}” 去 😀 [${row}]`, `click[item ${turn} Buy Now]`);
    messages.push(say("assistant", text, { train: turn === 0 || turn === 2 || turn === 5 }));
  }
  return anExample(messages);
}

const parameters = { type: "object", properties: { value: { type: "string" } } };
const tools = ["find", "cancel"].map((name) => ({
  type: "function",
  function: { name, description: `to ${name}`, parameters },
}));

const call = (id: string, name: string, value: object): ToolCall => ({
  id,
  name,
  arguments: JSON.stringify(value),
});

/** Tool calls: alone, after text, two at once and masked, with arguments that no other call has. */
function clerk(row: number): Example {
  const say2 = [call("d", "cancel", { value: "B1", reason: "fel “storlek”" }), call("e", "find", { n: row })];
  const messages = [
    say("system", "You are a clerk."),
    say("user", `Cancel order ${row}, tack! 谢谢`),
    say("assistant", null, { train: true, toolCalls: [call("a", "find", { value: `röd {${row}}` })] }),
    say("tool", '{"id":"B1","note":"日本"}', { toolCallId: "a" }),
    say("assistant", null, { toolCalls: [call("b", "cancel", { value: "B2", deep: { list: [1, null] } })] }),
    say("tool", "no such order", { toolCallId: "b" }),
    say("assistant", "I look again.", { train: true, toolCalls: [call("c", "find", { value: "B1" })] }),
    say("tool", "found", { toolCallId: "c" }),
    say("assistant", null, { train: true, toolCalls: say2 }),
    say("tool", "ok", { toolCallId: "d" }),
    say("tool", "ok too", { toolCallId: "e" }),
    say("assistant", "Not sure.", {}),
    say("user", "Please finish."),
    say("assistant", "Done. Klart! ✅", { train: true }),
  ];
  return anExample(messages, { environment: "tau-bench", subtaskKey: `task_${row}`, tools });
}

/** The expert's second action lost a task that the agent, from the same state, solved with its last message. */
function fork(
  subtaskKey: string,
  messages: MaskedMessage[],
  losing: Partial<MaskedMessage>,
  tools: Example["tools"] = null,
) {
  const made = anExample(messages, { subtaskKey, tools });
  const turns = made.provenance.turns.map((turn) =>
    turn.stepIndex === 1 ? { ...turn, source: "agent" as const, verdict: null } : turn,
  );
  const evidence = [0, 4, 0].map((successes, stateIndex) => ({ stateIndex, attempts: 4, successes }));
  const rollout = { runId: 2, stateIndex: 1, attempt: 0 };
  const example: Example = {
    ...made,
    provenance: { ...made.provenance, importantState: 1, rollout, evidence, turns },
  };
  const step = (reply: Partial<MaskedMessage>) => ({
    input: [{ role: "user" as const, content: "seen" }],
    reply: { role: "assistant" as const, content: null, ...reply },
  });
  const trajectory: RenderedTrajectory = {
    ...{ trajectoryId: 4, contentHash: "ab12", subtaskKey, tools, environmentName: "webshop", opening: [] },
    steps: [step({ content: "first" }), step(losing)],
  };
  return { example, trajectory };
}

const shopFork = fork(
  "webshop_fork",
  [
    say("system", "You shop."),
    say("user", observation(0, 3)),
    say("assistant", react("I search “röda skor”.", "search[röda skor]"), { train: true }),
    say("user", observation(1, 150)),
    say("assistant", react("The red ones. ✅", "click[B07X]"), { train: true }),
  ],
  { content: react("Any will do… 去", "click[B1]") },
);

const clerkFork = fork(
  "task_fork",
  [
    say("system", "You are a clerk."),
    say("user", "Cancel B1."),
    say("assistant", null, { train: true, toolCalls: [call("a", "find", { value: "röd {1}" })] }),
    say("tool", '{"id":"B1"}', { toolCallId: "a" }),
    say("assistant", "I am sure.", {
      train: true,
      toolCalls: [call("b", "cancel", { value: "B1", deep: [1, null] })],
    }),
  ],
  { toolCalls: [call("c", "cancel", { value: "B2", reason: "fel “storlek”" })] },
  tools,
);

const forks = [shopFork, clerkFork];

/** What every trainer is proven with. */
export const proofExamples: Example[] = [
  ...[0, 1, 2].map(shopping),
  ...[0, 1, 2].map(clerk),
  ...forks.map(({ example }) => example),
  ...Object.values(examples),
];

/** What an exporter is told besides an example. */
export function proofContext(example: Example): ExportContext {
  const own = forks.find((each) => each.example === example);
  return own ? { ...alone(), siblings: [example], trajectory: own.trajectory } : contextOf(example);
}
