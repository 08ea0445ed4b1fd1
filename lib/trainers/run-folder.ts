import { open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { lossEvents } from "@/lib/core/training-log";
import type { TrainingNews } from "@/lib/core/trainer";
import { LOG_TAIL_CHARACTERS } from "@/lib/core/training";

/** Bytes of a log that are read at one look; the rest is read at the next. */
const READ_AT_ONCE = 4_000_000;
/** Bytes that the end of a log is made of: most are states of progress bars. */
const TAIL_BYTES = 10 * LOG_TAIL_CHARACTERS;
/** A line longer than this is read in parts. */
const LONGEST_LINE = 64_000;

const State = z.object({
  pid: z.number().nullable(),
  error: z.string().nullable(),
  exit: z
    .object({ code: z.number().nullable(), signal: z.string().nullable(), asked: z.boolean() })
    .nullable(),
  beatAt: z.number(),
});
export type RunState = z.infer<typeof State>;

/** What the runner last said of the command in a run folder; null where it has not said anything. */
export async function runState(folder: string): Promise<RunState | null> {
  const text = await readFile(path.join(folder, ".run", "state.json"), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return State.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The bytes of a file from one on, fewer at its end; empty where there is no such file. */
async function bytesFrom(file: string, offset: number, most: number): Promise<Buffer> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const logOf = (folder: string) => path.join(folder, "run.log");

/** The last lines of a log, as text; null where there is none. */
export async function logTail(folder: string): Promise<string | null> {
  const size = await stat(logOf(folder)).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return null;
  const from = Math.max(0, size - TAIL_BYTES);
  const text = (await bytesFrom(logOf(folder), from, TAIL_BYTES)).toString("utf8");
  const shown = text.split("\n").map(overwritten).join("\n");
  const end = shown.slice(-LOG_TAIL_CHARACTERS);
  // It begins with a whole line, unless there is only one.
  return from === 0 && end === shown ? end : end.slice(end.indexOf("\n") + 1);
}

/** Colours, and where a terminal is to write. */
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** What a terminal would show of a line at last: a progress bar writes its states over each other. */
const overwritten = (line: string): string =>
  line
    .replaceAll(escapes, "")
    .split("\r")
    .findLast((part) => part.trim() !== "") ?? "";

const whole = z.number().int().min(0);
const Cursor = z.object({
  offset: whole,
  step: whole,
  bar: z.tuple([whole, whole]).nullable().default(null),
});

function cursorIn(text: string | null): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(text ?? ""));
  } catch {
    return { offset: 0, step: 0, bar: null };
  }
}

/** The losses that came into a log since the cursor. */
export async function newsOf(folder: string, cursor: string | null, at: Date): Promise<TrainingNews> {
  const from = cursorIn(cursor);
  const bytes = await bytesFrom(logOf(folder), from.offset, READ_AT_ONCE);
  const lines: { offset: number; text: string }[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    // Progress bars end their lines with a carriage return.
    const ends = bytes[i] === 10 || bytes[i] === 13;
    if (!ends && i - start < LONGEST_LINE) continue;
    if (i > start) lines.push({ offset: from.offset + start, text: bytes.toString("utf8", start, i) });
    start = ends ? i + 1 : i;
  }
  const { events, place, totalSteps } = lossEvents(lines, { step: from.step, bar: from.bar }, at);
  return { events, totalSteps, cursor: JSON.stringify({ offset: from.offset + start, ...place }) };
}
