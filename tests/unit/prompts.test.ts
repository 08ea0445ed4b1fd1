import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Step } from "@/lib/core/trajectory";
import {
  openingMessages,
  promptVersion,
  renderConversation,
  renderStep,
  toolCallAction,
} from "@/lib/prompts/conversation";
import { askAgain, parseReact, reactText } from "@/lib/prompts/react";

const step = (over: Partial<Step> = {}): Step => ({
  observation: "a page",
  thought: "I look.",
  action: "search[shoes]",
  reward: null,
  messages: null,
  ...over,
});

describe("parseReact", () => {
  it.each([
    ["Thought:\nI look.\n\nAction:\nsearch[shoes]", { thought: "I look.", action: "search[shoes]" }],
    ["Thought: I look.\nAction: click[Buy Now]", { thought: "I look.", action: "click[Buy Now]" }],
    ["THOUGHT: look around\n ACTION: go to shelf 1\n", { thought: "look around", action: "go to shelf 1" }],
    ["Action:\nclick[b]", { thought: null, action: "click[b]" }],
    ["I go on.\nAction: click[b]</s>", { thought: "I go on.", action: "click[b]" }],
    [
      "Thought: The Action: field is odd.\nAction: click[b]",
      { thought: "The Action: field is odd.", action: "click[b]" },
    ],
    ["search[red shoes]", { thought: null, action: "search[red shoes]" }],
    ["I would click[b]", { thought: null, action: "I would click[b]" }],
  ])("reads %j", (text, expected) => expect(parseReact(text)).toEqual(expected));

  it.each(["", "I think.", "Thought: I think.\nAction:", "Thought: hm"])("finds no action in %j", (text) =>
    expect(parseReact(text)).toBeNull(),
  );

  it("reads back what reactText writes", () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1 })
      .map((s) => s.trim())
      .filter((s) => s !== "" && !/action:|thought:|<\/s>/i.test(s));
    fc.assert(
      fc.property(fc.option(text), text, (thought, action) => {
        expect(parseReact(reactText(thought, action))).toEqual({ thought, action });
      }),
    );
  });
});

describe("renderConversation", () => {
  const opening = [
    { role: "user" as const, content: "rules" },
    { role: "assistant" as const, content: "Ok." },
  ];

  it("keeps the messages the source came with instead of the driver's prompt", () => {
    const messages = renderConversation(
      { driverId: "webshop", instruction: "buy", opening },
      [step()],
      "next page",
    );
    expect(messages.map((message) => [message.role, message.content])).toEqual([
      ["user", "rules"],
      ["assistant", "Ok."],
      ["user", "a page"],
      ["assistant", "Thought:\nI look.\n\nAction:\nsearch[shoes]"],
      ["user", "next page"],
    ]);
  });

  it("ends with the last reply when there is nothing to act on", () => {
    const messages = renderConversation({ driverId: null, instruction: "", opening: [] }, [
      step({ thought: null }),
    ]);
    expect(messages.map((message) => message.content)).toEqual(["a page", "Action:\nsearch[shoes]"]);
  });

  it("renders the history of step t as the beginning of what step t + 1 sees", () => {
    const conversation = { driverId: "webshop", instruction: "buy", opening: [] };
    const steps = [step(), step({ observation: "two", action: "click[b]" })];
    const longer = renderConversation(conversation, steps, "three");
    const shorter = renderConversation(conversation, steps.slice(0, 1), "two");
    expect(longer.slice(0, shorter.length)).toEqual(shorter);
  });

  it("uses recorded messages as they are", () => {
    const messages = { input: [], reply: { role: "assistant" as const, content: "raw" } };
    expect(renderStep(step({ messages }))).toBe(messages);
  });

  it("has a prompt for drivers without one of their own, which names the task", () => {
    const messages = openingMessages({
      driverId: "elsewhere",
      instruction: "cross the corridor",
      opening: [],
    });
    expect(messages.map((message) => message.content).join("\n")).toContain("cross the corridor");
    expect(openingMessages({ driverId: "constructor", instruction: "x", opening: [] })).toHaveLength(3);
  });
});

it("writes tool calls one per line, arguments untouched", () => {
  const calls = [
    { id: "1", name: "book", arguments: '{"n": 1}' },
    { id: "2", name: "pay", arguments: "{}" },
  ];
  expect(toolCallAction(calls)).toBe('book({"n": 1})\npay({})');
});

it("says what it always said: a change of wording shows here and needs a new version", async () => {
  const conversation = { driverId: "webshop", instruction: "buy", opening: [] };
  const shown = [
    promptVersion,
    ...openingMessages(conversation).map((message) => `${message.role}: ${message.content}`),
    ...openingMessages({ ...conversation, driverId: "elsewhere" }).map(
      (message) => `${message.role}: ${message.content}`,
    ),
    askAgain,
  ];
  await expect(`${shown.join("\n-----\n")}\n`).toMatchFileSnapshot("../fixtures/prompts/prompts.txt");
});
