import type { RenderedTrajectory } from "@/lib/core/build-example";
import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ExportContext } from "@/lib/core/ports";
import { alone } from "@/lib/exporters/rows";

/** A chat message nothing trains on, unless `over` says so. */
export const say = (
  role: MaskedMessage["role"],
  content: string | null,
  over: Partial<MaskedMessage> = {},
): MaskedMessage => ({
  role,
  content,
  train: false,
  ...over,
});

/** A reply in the form of the built-in prompts. */
export const react = (thought: string, action: string) => `Thought:\n${thought}\n\nAction:\n${action}`;

/** An example whose assistant turns are actions, apart from an acknowledged opening. */
export function anExample(messages: MaskedMessage[], over: Partial<Example> = {}): Example {
  const acting = messages.flatMap((message, messageIndex) =>
    message.role === "assistant" && message.content !== "Ok." ? [{ message, messageIndex }] : [],
  );
  return {
    kind: "eef",
    environment: "webshop",
    subtaskKey: "webshop_6",
    messages,
    tools: null,
    provenance: {
      trajectory: "ab12",
      trajectoryId: 4,
      importantState: 0,
      rollout: { runId: 2, stateIndex: 2, attempt: 0 },
      checkpoint: "shopper-weak@1",
      ruleVersion: "eef-1",
      evidence: [{ stateIndex: 0, attempts: 1, successes: 0 }],
      turns: acting.map(({ message, messageIndex }, stepIndex) => ({
        messageIndex,
        source: stepIndex < 2 ? "expert" : "agent",
        stepIndex,
        verdict: message.train ? "beneficial" : "harmful",
        decision: message.train ? "approved" : "pending",
        reviewer: message.train ? "local" : null,
        train: message.train,
      })),
    },
    ...over,
  };
}

const shop = anExample([
  say("system", "You shop.\nTwo actions."),
  say("user", "WebShop [SEP] Instruction: [SEP] Find me “blue” mittens [SEP] Search"),
  say("assistant", react("I look.", "search[mittens]"), { train: true }),
  say("user", "a results page"),
  say("assistant", react("Wrong one.", "click[B1]")),
  say("user", "an item page"),
  say("assistant", react("Buy.", "click[Buy Now]"), { train: true }),
  say("user", "Thank you"),
  say("assistant", react("More.", "search[x]")),
]);

const desk = anExample(
  [
    say("system", "You are a clerk."),
    say("user", "Cancel it."),
    say("assistant", "I look.", { toolCalls: [{ id: "c1", name: "find", arguments: '{"n": 1}' }] }),
    say("tool", '{"id":"B1"}', { toolCallId: "c1", name: "find" }),
    say("assistant", null, {
      train: true,
      toolCalls: [
        { id: "c2", name: "cancel", arguments: "{}" },
        { id: "c3", name: "note", arguments: "{}" },
      ],
    }),
    say("tool", "ok", { toolCallId: "c2" }),
    say("tool", "ok", { toolCallId: "c3" }),
    say("tool", "late", { toolCallId: "elsewhere" }),
    say("assistant", "Done.", { train: true }),
    say("user", "###STOP###"),
  ],
  {
    environment: "tau-bench",
    subtaskKey: "task_7",
    tools: [{ type: "function", function: { name: "find" } }],
  },
);

const opened = anExample([
  say("user", "rules"),
  say("assistant", "Ok."),
  say("user", "page"),
  say("assistant", react("t", "search[a]"), { train: true }),
]);

/**
 * A fork: the expert's first action lost a task that could be solved, its second one led back, and its third, which is not in
 * the example, lost it again where the agent won.
 */
const forked = anExample(
  [
    say("system", "You shop."),
    say("user", "a search page"),
    say("assistant", react("Any will do.", "click[Back]")),
    say("user", "the search page again"),
    say("assistant", react("I search.", "search[mittens]"), { train: true }),
    say("user", "results"),
    say("assistant", react("The blue one.", "click[B2]"), { train: true }),
    say("user", "an item page"),
    say("assistant", react("Buy.", "click[Buy Now]"), { train: true }),
  ],
  { subtaskKey: "webshop_9" },
);
forked.provenance.importantState = 1;
forked.provenance.evidence = [
  { stateIndex: 0, attempts: 4, successes: 3 },
  { stateIndex: 1, attempts: 4, successes: 0 },
  { stateIndex: 2, attempts: 4, successes: 4 },
  { stateIndex: 3, attempts: 4, successes: 0 },
];
forked.provenance.turns = forked.provenance.turns.map((turn) =>
  turn.source === "agent"
    ? { ...turn, stepIndex: turn.stepIndex - 2, verdict: null, decision: "approved" }
    : turn,
);

const step = (action: string) => ({
  input: [{ role: "user" as const, content: "seen" }],
  reply: { role: "assistant" as const, content: react("The expert says.", action) },
});

/** The expert trajectory behind the forked example. */
export const forkedTrajectory: RenderedTrajectory = {
  trajectoryId: 4,
  contentHash: "ab12",
  subtaskKey: "webshop_9",
  tools: null,
  environmentName: "webshop",
  opening: [],
  steps: [step("click[Back]"), step("search[mittens]"), step("click[B9]")],
};

/** What an exporter is told besides an example: the trajectory of the forked one. */
export function contextOf(example: Example): ExportContext {
  const trajectory = example.subtaskKey === "webshop_9" ? forkedTrajectory : null;
  return { ...alone(), siblings: [example], trajectory };
}

/** Examples every exporter is tested with: plain text, tool calls, an opening that acknowledges its rules, and a fork. */
export const examples = { shop, desk, opened, forked };
