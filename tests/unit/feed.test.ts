import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createFeed, eventStream, type FeedListener } from "@/lib/usecases/feed";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function counting(every = 1) {
  let reads = 0;
  const feed = createFeed(async () => ({ at: Math.floor(reads++ / every) }), 1000);
  return { feed, reads: () => reads };
}
const into = <T>(heard: T[]): FeedListener<T> => ({
  changed: (value) => heard.push(value),
  failed: () => {},
});
const none = () => {};

it("reads once a second for all who follow, and no more once the last has left", async () => {
  const { feed, reads } = counting();
  const [one, two]: { at: number }[][] = [[], []];
  const leaveOne = feed.follow(7, into(one!));
  await vi.advanceTimersByTimeAsync(1500);
  const leaveTwo = feed.follow(7, into(two!));
  expect([one, two]).toEqual([[{ at: 0 }, { at: 1 }], [{ at: 1 }]]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(reads()).toBe(3);
  leaveOne();
  await vi.advanceTimersByTimeAsync(1000);
  expect(two!.map(({ at }) => at)).toEqual([1, 2, 3]);
  leaveTwo();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads()).toBe(4);
  feed.follow(7, into(one!));
  await vi.advanceTimersByTimeAsync(0);
  expect(reads()).toBe(5);
});

it("says only what changed", async () => {
  const { feed, reads } = counting(3);
  const heard: { at: number }[] = [];
  feed.follow(1, into(heard));
  await vi.advanceTimersByTimeAsync(5500);
  expect(reads()).toBe(6);
  expect(heard).toEqual([{ at: 0 }, { at: 1 }]);
});

it("tells everybody when a read fails, and starts anew for who follows then", async () => {
  let fails = true;
  const feed = createFeed(async () => (fails ? Promise.reject(new Error("gone")) : 1), 1000);
  const failures: unknown[] = [];
  feed.follow(1, { changed: none, failed: (error) => failures.push(error) });
  await vi.advanceTimersByTimeAsync(3000);
  expect(failures).toHaveLength(1);
  fails = false;
  const heard: number[] = [];
  feed.follow(1, into(heard));
  await vi.advanceTimersByTimeAsync(0);
  expect(heard).toEqual([1]);
});

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  return text;
}

it("streams events until the last one, and says that it was", async () => {
  const { feed, reads } = counting();
  const text = textOf(eventStream(feed, 1, ({ at }) => at === 1, new AbortController().signal));
  await vi.advanceTimersByTimeAsync(5000);
  expect(await text).toBe('data: {"at":0}\n\ndata: {"at":1}\n\nevent: over\ndata: {}\n\n');
  expect(reads()).toBe(2);
});

it("ends a stream whose first value, known already, is the last", async () => {
  const { feed } = counting(1000);
  feed.follow(1, { changed: none, failed: none });
  await vi.advanceTimersByTimeAsync(0);
  const text = textOf(eventStream(feed, 1, () => true, new AbortController().signal));
  expect(await text).toBe('data: {"at":0}\n\nevent: over\ndata: {}\n\n');
});

it("keeps a quiet stream open, and stops reading when its reader goes away", async () => {
  const { feed, reads } = counting(1000);
  const gone = new AbortController();
  const text = textOf(eventStream(feed, 1, () => false, gone.signal));
  await vi.advanceTimersByTimeAsync(16_000);
  const before = reads();
  gone.abort();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads()).toBe(before);
  expect(await text).toBe('data: {"at":0}\n\n: here\n\n');
});

it("stops reading when its reader cancels", async () => {
  const { feed, reads } = counting();
  const stream = eventStream(feed, 1, () => false, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(1500);
  await stream.cancel();
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads()).toBe(2);
});
