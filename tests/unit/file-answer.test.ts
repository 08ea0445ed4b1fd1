import { describe, expect, it } from "vitest";
import { rangeIn } from "@/lib/api/file-answer";

describe("what a Range asks for of a file of 10 bytes", () => {
  it.each<[string | null, ReturnType<typeof rangeIn>]>([
    [null, "all"],
    ["", "all"],
    ["bytes=0-9", { from: 0, to: 9 }],
    ["bytes=0-0", { from: 0, to: 0 }],
    ["bytes=4-", { from: 4, to: 9 }],
    ["bytes=9-", { from: 9, to: 9 }],
    ["bytes=4-99999999999999999999", { from: 4, to: 9 }],
    ["bytes=-3", { from: 7, to: 9 }],
    ["bytes=-10", { from: 0, to: 9 }],
    ["bytes=-99", { from: 0, to: 9 }],
    ["BYTES= 4-5 ", { from: 4, to: 5 }],
    ["bytes=10-", "none"],
    ["bytes=10-12", "none"],
    ["bytes=99999999999999999999-", "none"],
    ["bytes=-0", "none"],
    ["bytes=5-4", "all"],
    ["bytes=-", "all"],
    ["bytes=", "all"],
    ["bytes=0-1,4-5", "all"],
    ["bytes=a-b", "all"],
    ["bytes=1.5-3", "all"],
    ["bytes=0x1-3", "all"],
    ["bytes=+1-3", "all"],
    ["items=0-1", "all"],
    ["bytes 0-1", "all"],
  ])("%s", (header, asked) => expect(rangeIn(header, 10)).toEqual(asked));
});
