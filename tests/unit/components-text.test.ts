import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clampText, pageSegments, visibleParts } from "@/components/trajectory/visible-text";
import { commonStart, difference, shortened } from "@/components/trajectory/text-difference";

const labels = (text: string) =>
  visibleParts(text).map((part) => (part.kind === "mark" ? `<${part.label}>` : part.raw));
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\u202e",
      "\u2066",
      "\u200b",
      "\u001b[31m",
      "\u001b",
      "\r",
      "\n",
      "\ud800",
      "\u{e0041}",
      "é",
      "👩‍💻",
    ),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
});

describe("visible text", () => {
  it("names what reorders, hides or drives a terminal", () => {
    expect(labels("buy \u202enow")).toEqual(["buy ", "<U+202E>", "now"]);
    expect(labels("a\u200bb\u0000")).toEqual(["a", "<U+200B>", "b", "<U+0000>"]);
    expect(labels("\u001b[1;31mred\u001b[0m")).toEqual(["<ESC[1;31m>", "red", "<ESC[0m>"]);
    expect(labels("\u001b]0;title\u0007x")).toEqual(["<ESC]0;title·>", "x"]);
    expect(labels("tag\u{e0041}")).toEqual(["tag", "<U+E0041>"]);
    expect(labels("half \ud800.")).toEqual(["half ", "<U+D800>", "."]);
  });

  it("leaves ordinary text of any language alone, line ends and joined emoji too", () => {
    for (const text of ["plain", "two\nlines\tand a tab", "dos\r\nline", "שלום عالم", "日本語", "👩‍💻 ok"])
      expect(labels(text)).toEqual([text]);
    expect(labels("lone\rreturn")).toEqual(["lone", "<U+000D>", "return"]);
    expect(labels("a\u200db")).toEqual(["a", "<U+200D>", "b"]);
  });

  it("loses nothing and leaves no hidden character in what is shown as it is", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parts = visibleParts(text);
        expect(parts.map((part) => part.raw).join("")).toBe(text);
        for (const part of parts)
          if (part.kind === "text") expect(part.raw).not.toMatch(/[\u001b\u200b\u202a-\u202e\u2066-\u2069]/);
          else expect(part.label).toMatch(/^[ -~·…]+$/);
      }),
    );
  });

  it("clamps without splitting a character, and not for a few more", () => {
    expect(clampText("abcdef", 3)).toBe("abc");
    expect(clampText("a".repeat(110), 100)).toHaveLength(110);
    expect(clampText("ab👩xyzxyz", 3)).toBe("ab");
  });

  it("reads a WebShop page as its parts, without the instruction that stands above", () => {
    const page = "Instruction: [SEP] Find me socks [SEP] Back to Search [SEP] Page 1 [SEP] B01";
    expect(pageSegments(page, "Find me socks")).toEqual(["Back to Search", "Page 1", "B01"]);
    expect(pageSegments(page, "Find me shoes")).toContain("Find me socks");
    expect(pageSegments("no separators here", "x")).toBeNull();
  });

  it("finds where two texts part", () => {
    expect(commonStart("abcd", "abxd")).toBe(2);
    expect(commonStart("same", "same")).toBe(4);
    expect(commonStart("", "x")).toBe(0);
  });

  it("compares two texts word by word and loses nothing of either", () => {
    const { recorded, replayed } = difference("lower than 40.00 dollars", "lower than 50.00 dollars");
    const odd = (pieces: typeof recorded) => pieces.filter((p) => !p.same).map((p) => p.text);
    expect([odd(recorded), odd(replayed)]).toEqual([["40"], ["50"]]);
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (a, b) => {
        const sides = difference(a, b);
        const join = (pieces: typeof recorded) => pieces.map((p) => p.text).join("");
        expect([join(sides.recorded), join(sides.replayed)]).toEqual([a, b]);
      }),
    );
  });

  it("gives up on word by word where it takes too long, and shortens only what is the same", () => {
    const words = (from: number) => Array.from({ length: 8000 }, (_, i) => `w${(i * from) % 9973}`).join(" ");
    const { recorded, replayed } = difference(`start ${words(7)}`, `start ${words(11)}`);
    expect(recorded[0]?.text.startsWith("start ") && recorded[0].same).toBe(true);
    expect(replayed.some((piece) => !piece.same)).toBe(true);
    const long = "x".repeat(1000);
    expect(shortened({ text: long, same: true }, "middle").length).toBeLessThan(300);
    expect(shortened({ text: long, same: false }, "middle")).toBe(long);
  });
});
