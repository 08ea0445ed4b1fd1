import { expect, it } from "vitest";
import { copiedRows } from "@/lib/store/copied-out";

const int16 = (value: number) => Buffer.from([(value >> 8) & 255, value & 255]);
const int32 = (value: number) => Buffer.from([24, 16, 8, 0].map((shift) => (value >> shift) & 255));
const field = (text: string | null) =>
  text === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)]);
const row = (...texts: (string | null)[]) => Buffer.concat([int16(texts.length), ...texts.map(field)]);
const copied = (rows: Buffer[], extension = "") =>
  Buffer.concat([
    ...[Buffer.from("PGCOPY\n\u00ff\r\n\0", "latin1"), int32(0), field(extension)],
    ...[...rows, int16(-1)],
  ]);
const texts = (bytes: Buffer) =>
  [...copiedRows(bytes)].map((each) => each.map((part) => part?.toString() ?? null));

it("gives every field of every row, empty and absent ones too", () => {
  const rows = [
    ["1", "“said” 😀"],
    ["", null],
    [null, "\0"],
  ];
  expect(
    texts(
      copied(
        rows.map((each) => row(...each)),
        "later",
      ),
    ),
  ).toEqual(rows);
  expect(texts(copied([]))).toEqual([]);
});

it("takes nothing that is cut off, wherever that is", () => {
  const whole = copied([row("1", "a text"), row("2", null)]);
  for (let length = 0; length < whole.length; length++)
    expect(() => texts(whole.subarray(0, length))).toThrow();
});
