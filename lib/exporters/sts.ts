import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { openaiCall } from "./openai-messages";

function spoken({ role, content, toolCalls, toolCallId }: MaskedMessage) {
  return {
    role,
    content: content ?? "",
    ...(toolCalls && toolCalls.length > 0 ? { toolCalls: toolCalls.map(openaiCall) } : {}),
    ...(toolCallId === undefined ? {} : { toolCallId }),
  };
}

function lines({ subtaskKey, environment, messages, provenance }: Example) {
  const state = provenance.importantState;
  const header = {
    type: "session",
    harness: "gleaner",
    id: state === null ? provenance.trajectory : `${provenance.trajectory}-${state}`,
    name: `${environment} ${subtaskKey}`,
  };
  return [header, ...messages.map((message) => ({ type: "message", message: spoken(message) }))];
}

const text = (name: string) => `{name: ${name}, dtype: string}`;
const called = `{name: function, struct: [${text("name")}, ${text("arguments")}]}`;
const toolCalls = `{name: toolCalls, list: [${text("id")}, ${text("type")}, ${called}]}`;

/** Sessions for the Hub's trace viewer, a file each; the mask stands in the sidecar only. Source: formats.md 2.3 */
export const sts: Exporter = {
  format: "sts",
  title: "Hub trace viewer (STS)",
  family: "view",
  shape: "view",
  mask: "none: for reading; the sidecar says what the other formats would train",
  encoding: { kind: "files" },
  needs: "example",
  truncation: null,
  command: null,
  dataFile: (split) => split,
  rows: (example) => [
    // The header is line 0 of a session.
    { value: lines(example), positions: example.messages.map((_, index) => index + 1), trained: [] },
  ],
  features: [
    ...["type", "harness", "id", "name"].map(text),
    `{name: message, struct: [${text("role")}, ${text("content")}, ${toolCalls}, ${text("toolCallId")}]}`,
  ],
  files: () => [],
};
