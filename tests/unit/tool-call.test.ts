import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { toolCallsOf } from "@/components/trajectory/tool-call";

describe("tool calls", () => {
  it("are laid out, whatever stands in their strings", () => {
    expect(toolCallsOf(`find({"a":1,"b":["x, {y}",{}],"c":"\\"}"})`)).toEqual([
      { name: "find", arguments: `{\n  "a": 1,\n  "b": [\n    "x, {y}",\n    {}\n  ],\n  "c": "\\"}"\n}` },
    ]);
    expect(toolCallsOf(`get_user({"id": 1.50})\nend({})`)).toEqual([
      { name: "get_user", arguments: `{\n  "id": 1.50\n}` },
      { name: "end", arguments: "{}" },
    ]);
  });
  it("are nothing else: an action of text, broken JSON, one line that is no call", () => {
    for (const action of ["click[Buy Now]", "find(lamp)", `find({"a":)`, `find({"a":1})\nand more`, ""])
      expect(toolCallsOf(action)).toBeNull();
  });
  it("keep their arguments, only white space moves", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const [call] = toolCallsOf(`f(${JSON.stringify(value)})`) ?? [];
        expect(JSON.stringify(JSON.parse(call?.arguments ?? ""))).toBe(JSON.stringify(value));
      }),
    );
  });
});
