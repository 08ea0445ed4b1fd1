import { describe, expect, it } from "vitest";
import { createBlocks, createPrefixCache, hitRate } from "../support/prefix-cache";

/** A block of one letter: 16 tokens of four bytes. */
const block = (letter: string) => letter.repeat(64);
const text = (letters: string) => [...letters].map(block).join("");

/** Asks for prompts of blocks by letter; a reply follows after a bar. A last byte makes the last block whole. */
function ask(capacityBlocks: number, requests: string[]): number[] {
  const blocksOf = createBlocks();
  const cache = createPrefixCache(capacityBlocks * 16);
  return requests.map((request) => {
    const [prompt = "", reply = ""] = request.split("|");
    const last = reply === "" ? "." : "";
    return cache(blocksOf(text(prompt) + last, text(reply))).cached / 16;
  });
}

describe("the simulated prefix cache", () => {
  it("finds the blocks of a beginning, up to the first that differs", () => {
    expect(ask(100, ["abc", "abcd", "abxd", "xbc"])).toEqual([0, 3, 2, 0]);
  });

  it("names a block by all that stands before it", () => {
    expect(ask(100, ["ab", "cb", "ab"])).toEqual([0, 0, 2]);
  });

  it("keeps what was written in reply, as the next prompt contains it", () => {
    expect(ask(100, ["ab|cd", "abcde"])).toEqual([0, 4]);
  });

  it("counts whole blocks only, and never the last token of a prompt", () => {
    const blocksOf = createBlocks();
    const cache = createPrefixCache(1000);
    const ab = blocksOf(text("ab"), "");
    expect([cache(ab), cache(ab)]).toEqual([
      { tokens: 32, cached: 0 },
      { tokens: 32, cached: 16 },
    ]);
    expect(cache(blocksOf(`${text("ab")}half`, ""))).toEqual({ tokens: 33, cached: 32 });
  });

  it("evicts what was used least recently, and of one request its end before its beginning", () => {
    expect(ask(4, ["ab", "cd", "ab", "ef", "ab", "cd"])).toEqual([0, 0, 2, 0, 2, 0]);
    expect(ask(3, ["abc", "d", "abc"])).toEqual([0, 0, 2]);
  });

  it("thrashes where the working set is one block too large", () => {
    const rounds = ["ab", "cd", "ef", "ab", "cd", "ef"];
    expect(ask(6, rounds)).toEqual([0, 0, 0, 2, 2, 2]);
    expect(ask(4, rounds)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("weighs requests by their tokens", () => {
    expect(
      hitRate([
        { tokens: 30, cached: 0 },
        { tokens: 10, cached: 10 },
      ]),
    ).toBe(0.25);
    expect(hitRate([])).toBe(0);
  });
});
