import { expect, it } from "vitest";
import { readAhead } from "@/lib/store/read-ahead";

type Asked = { last: number | null; give: (batch: number[]) => void; fail: (error: Error) => void };

/** Batches that come when the test says so. */
function batches() {
  const asked: Asked[] = [];
  const reading = readAhead<number>((last) => new Promise((give, fail) => asked.push({ last, give, fail })));
  return { asked, reading };
}

it("asks for the next batch while one is handed out, and never for a third", async () => {
  const { asked, reading } = batches();
  const first = reading.next();
  asked[0]?.give([1, 2]);
  expect(await first).toEqual({ done: false, value: [1, 2] });
  expect(asked.map(({ last }) => last)).toEqual([null, 2]);
  asked[1]?.give([3]);
  expect(await reading.next()).toEqual({ done: false, value: [3] });
  expect(asked.map(({ last }) => last)).toEqual([null, 2, 3]);
  asked[2]?.give([]);
  expect(await reading.next()).toEqual({ done: true, value: undefined });
});

it("fails where the batch that failed stands, after those before it", async () => {
  const { asked, reading } = batches();
  const first = reading.next();
  asked[0]?.give([1]);
  await first;
  asked[1]?.fail(new Error("the database went away"));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(reading.next()).rejects.toThrow("the database went away");
});

it("has nothing under way once a reader that left is told so", async () => {
  const { asked, reading } = batches();
  const first = reading.next();
  asked[0]?.give([1]);
  await first;
  let left = false;
  const leaving = reading.return(undefined).then(() => (left = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(left).toBe(false);
  asked[1]?.give([2]);
  expect(await leaving).toBe(true);
  expect(asked).toHaveLength(2);
});
