import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";
import { roles, sources, TrajectoryDraft } from "@/lib/core/trajectory";
import { contentHash } from "@/lib/store/content-hash";

const text = fc.string({ unit: "binary", maxLength: 8 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const reward = maybe(fc.double({ min: 0, max: 1, noNaN: true }));
const call = fc.record({ id: text, name: text, arguments: text });
const message = fc.record(
  {
    role: fc.constantFrom(...roles),
    content: maybe(text),
    toolCalls: fc.array(call, { maxLength: 2 }),
    toolCallId: text,
    name: text,
  },
  { requiredKeys: ["role", "content"] },
);
const step = fc.record({
  observation: text,
  thought: maybe(text),
  action: text,
  reward,
  messages: maybe(fc.record({ input: fc.array(message, { maxLength: 2 }), reply: message })),
});
const draft = fc.record({
  environment: text,
  subtaskKey: text,
  instruction: text,
  source: fc.constantFrom(...sources),
  model: maybe(text),
  reward,
  success: maybe(fc.boolean()),
  opening: fc.array(message, { maxLength: 2 }),
  tools: maybe(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 2 })),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  finalObservation: maybe(text),
  externalId: maybe(text),
});

it("hashes the canonical JSON of a draft, however it is written: hashes that are stored stay", () => {
  fc.assert(
    fc.property(draft, (given) => {
      const checked = TrajectoryDraft.parse(given);
      expect(contentHash(checked)).toBe(createHash("sha256").update(canonicalJson(checked)).digest("hex"));
    }),
    { numRuns: 500 },
  );
});
