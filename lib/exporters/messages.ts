import type { MaskedMessage } from "@/lib/core/example";

/** Whether a call's arguments are the JSON object they should be; models also write what is none. */
function isObject(written: string): boolean {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Arguments as JSON every trainer can parse: the text the model wrote, or that text as a JSON string where it is no object. */
export function parsable(written: string): string {
  return isObject(written) ? written : JSON.stringify(written);
}

type Call = NonNullable<MaskedMessage["toolCalls"]>[number];

/** A call as LLaMA-Factory reads it; numbers keep the digits the model wrote, which parsing would not. */
export const callText = (call: Call): string =>
  `{"name": ${JSON.stringify(call.name)}, "arguments": ${parsable(call.arguments)}}`;

/** The messages with arguments every trainer can parse. */
export function withParsableCalls(messages: MaskedMessage[]): MaskedMessage[] {
  return messages.map(({ toolCalls, ...message }) =>
    toolCalls === undefined
      ? message
      : {
          ...message,
          toolCalls: toolCalls.map((call) => ({ ...call, arguments: parsable(call.arguments) })),
        },
  );
}

/**
 * `tools` as JSON text: as objects, rows with different tools would get each other's keys as null when they are loaded.
 * Every row has one, `none` where it has no tools: the loader takes the columns of the first 10 MB, and fails on more.
 */
export const toolsText = (tools: unknown[] | null, none: "" | "[]"): string =>
  tools === null || tools.length === 0 ? none : JSON.stringify(tools);
