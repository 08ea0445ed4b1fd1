import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { jsonlFile, maskedRows, type WrittenRow } from "./rows";

type AtifResult = { source_call_id?: string; content: string };
type AtifStep = {
  step_id: number;
  source: "system" | "user" | "agent";
  message: string;
  model_name?: string;
  tool_calls?: { tool_call_id: string; function_name: string; arguments: Record<string, unknown> }[];
  observation?: { results: AtifResult[] };
  is_copied_context?: boolean;
  extra?: Record<string, unknown>;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Digits that a number would not keep, outside of strings. */
const losesDigits = (text: string) =>
  (text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "").match(/-?\d{16,}(?![\d.eE])/g) ?? []).some(
    (digits) => !Number.isSafeInteger(Number(digits)),
  );

/** ATIF wants an object; text that is none, or whose integers are too large for one, is kept under one key. */
function argumentsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && !losesDigits(text)) return value;
  } catch {
    // Kept as the text the model wrote.
  }
  return { text };
}

function agentStep(example: Example, message: MaskedMessage, index: number): Omit<AtifStep, "step_id"> {
  const turn = example.provenance.turns.find(({ messageIndex }) => messageIndex === index);
  const { checkpoint } = example.provenance;
  const calls = message.toolCalls ?? [];
  return {
    source: "agent",
    message: message.content ?? "",
    ...(turn?.source === "agent" && checkpoint ? { model_name: checkpoint } : {}),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, name, arguments: text }) => ({
            tool_call_id: id,
            function_name: name,
            arguments: argumentsOf(text),
          })),
        }),
    is_copied_context: !message.train,
    ...(turn
      ? {
          extra: {
            source: turn.source,
            step_index: turn.stepIndex,
            verdict: turn.verdict,
            decision: turn.decision,
            reviewer: turn.reviewer,
          },
        }
      : {}),
  };
}

/** One step per message, but what a tool answered is the observation of the step that called it. */
function stepsOf(example: Example): { steps: AtifStep[]; positions: number[] } {
  const steps: AtifStep[] = [];
  const positions = example.messages.map((message, index) => {
    const last = steps.at(-1);
    const content = message.content ?? "";
    if (message.role === "tool" && last?.source === "agent") {
      const id = message.toolCallId;
      const called = last.tool_calls?.some((call) => call.tool_call_id === id) ?? false;
      last.observation ??= { results: [] };
      last.observation.results.push({
        ...(called && id !== undefined ? { source_call_id: id } : {}),
        content,
      });
      return steps.length - 1;
    }
    const step_id = steps.length + 1;
    if (message.role === "assistant") steps.push({ step_id, ...agentStep(example, message, index) });
    else steps.push({ step_id, source: message.role === "system" ? "system" : "user", message: content });
    return steps.length - 1;
  });
  return { steps, positions };
}

function written(example: Example): WrittenRow {
  const { kind, environment, subtaskKey, tools, provenance } = example;
  const { steps, positions } = stepsOf(example);
  const state = provenance.importantState ?? kind;
  const value = {
    schema_version: "ATIF-v1.7",
    session_id: provenance.trajectory,
    trajectory_id: `${provenance.trajectory}-${state}`,
    agent: {
      name: "gleaner",
      version: "1",
      ...(provenance.checkpoint ? { model_name: provenance.checkpoint } : {}),
      ...(tools && tools.length > 0 && tools.every(isObject) ? { tool_definitions: tools } : {}),
    },
    steps,
    final_metrics: { total_steps: steps.length },
    extra: { kind, environment, subtask: subtaskKey, rule_version: provenance.ruleVersion },
  };
  return { value, positions };
}

/** Harbor's trajectories: what must not be trained is copied context. Source: formats.md 4, ATIF v1.7 */
export const atif: Exporter = {
  format: "atif",
  title: "ATIF v1.7",
  family: "view",
  shape: "masked",
  mask: "`is_copied_context` true on every agent step that is not trained, false on those that are",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: null,
  dataFile: jsonlFile,
  rows: (example) => maskedRows(example, written),
  files: () => [],
};
