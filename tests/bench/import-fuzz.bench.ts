// LINES=1000000 npm run bench -- import-fuzz
// LINES lines (1,000,000), half of them good and half broken by chance: bytes changed, cut, doubled, swapped. No good
// line may be lost, every line that is refused is named by line and byte, and nothing may crash.
import { numbersFrom } from "../support/factories";
import { readRecords } from "@/lib/importers/registry";

const count = Number(process.env.LINES ?? 1_000_000);
const random = numbersFrom(Number(process.env.SEED ?? 1));
const pick = (most: number) => Math.floor(random() * most);
const step = { observation: "Page [SEP] é 😀 \u202e", thought: "so", action: "click[x]" };
const seeds = [
  { format: "gleaner/1", subtaskKey: "k", instruction: "i", reward: 0.5, steps: [step, step] },
  {
    item_id: "webshop_6",
    conversations: [
      { from: "human", loss: null, value: "o" },
      { from: "gpt", loss: true, value: "Action:\na" },
    ],
  },
  {
    id: "x",
    environment: "e",
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: "r", weight: 1 },
    ],
  },
  {
    schema_version: "ATIF-v1.7",
    steps: [
      { source: "user", message: "q" },
      { source: "agent", message: "r" },
    ],
    extra: { reward: 1 },
  },
  {
    id: "webshop_1",
    content: [
      { class_: "text_observation", content: "o" },
      { class_: "message_action", content: "a" },
    ],
    details: {},
  },
  {
    id: 1,
    epoch: 1,
    input: "q",
    target: "t",
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: "r" },
    ],
    scores: { s: { value: "C" } },
  },
  {
    task_id: 1,
    reward: 1,
    traj: [
      { role: "user", content: "q" },
      { role: "assistant", content: "r" },
    ],
  },
  {
    history: [
      { role: "user", content: "q" },
      { role: "assistant", content: "r", action: "a", thought: "t" },
    ],
  },
].map((record) => Buffer.from(JSON.stringify(record)));

const nasty = [
  '"\\u0000"',
  '"\\ud800"',
  "1e999",
  "[[[[[[",
  '"__proto__":',
  "\ufeff",
  "\r",
  "null",
  "-",
  "}",
  "{",
  "]",
].map((text) => Buffer.from(text));
const take = <T>(list: T[]): T => {
  const one = list[pick(list.length)];
  if (one === undefined) throw new Error("nothing to take from");
  return one;
};

/** A line broken by chance; never over more than one line. */
function mutated(line: Buffer): Buffer {
  const at = pick(line.length);
  const ways = [
    () => Buffer.concat([line.subarray(0, at), Buffer.from([pick(256)]), line.subarray(at + 1)]),
    () => line.subarray(0, at),
    () => line.subarray(at),
    () => Buffer.concat([line.subarray(0, at), take(nasty), line.subarray(at)]),
    () => Buffer.concat([line.subarray(0, at), line.subarray(pick(line.length))]),
    () => Buffer.concat([line, line]),
  ];
  let broken = take(ways)();
  if (pick(4) === 0)
    broken = Buffer.concat([broken, Buffer.from(Array.from({ length: pick(20) }, () => pick(256)))]);
  return Buffer.from(broken.map((byte) => (byte === 10 ? 11 : byte)));
}

/** By line: whether it is good (1), blank (3), or was read (2), and where it begins. Kept compact: a million of them. */
const isGood = new Uint8Array(count + 1);
const blank = 3;
/** A line cut down to nothing holds no record: it is skipped, neither read nor refused. */
const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
const begins = new Float64Array(count + 1);

async function* file(): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let chunk: Buffer[] = [];
  let size = 0;
  for (let line = 1; line <= count; line += 1) {
    // The first line is good: what a file is, is told by its first bytes.
    const good = line === 1 || random() < 0.5;
    const bytes = good ? take(seeds) : mutated(take(seeds));
    isGood[line] = good ? 1 : isBlank(bytes) ? blank : 0;
    begins[line] = offset;
    offset += bytes.length + 1;
    chunk.push(bytes, Buffer.from("\n"));
    size += bytes.length + 1;
    if (size < 65_536 && line < count) continue;
    yield Buffer.concat(chunk);
    [chunk, size] = [[], 0];
  }
}

const began = performance.now();
const found = { good: 0, taken: 0, refused: 0, blank: 0 };
const wrong: string[] = [];
const defaults = { environment: "kitchen", source: "expert", model: null, withoutReward: "unknown" } as const;
for await (const record of readRecords(file(), { defaults })) {
  if (record.ok) {
    if (isGood[record.line] === 1) found.good += 1;
    else found.taken += 1;
    isGood[record.line] = 2;
    continue;
  }
  found.refused += 1;
  const start = begins[record.line] ?? -1;
  const end = begins[record.line + 1] ?? Infinity;
  if (isGood[record.line] === 1) wrong.push(`line ${record.line} is good and was refused: ${record.reason}`);
  if (record.byteOffset < start || (end > start && record.byteOffset >= end))
    wrong.push(`line ${record.line} begins at ${start} and is said to begin at ${record.byteOffset}`);
  if (record.reason === "") wrong.push(`line ${record.line} was refused without a reason`);
}
const lost = isGood.reduce((sum, each) => sum + (each === 1 ? 1 : 0), 0);
found.blank = isGood.reduce((sum, each) => sum + (each === blank ? 1 : 0), 0);
const accounted = found.good + lost + found.refused + found.taken + found.blank;
if (accounted !== count) wrong.push(`${accounted} of ${count} lines are accounted for`);
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} lines in ${seconds.toFixed(0)} s: ${found.good} good ones read, ${lost} lost; of the broken ones ` +
    `${found.refused} refused by line and byte, ${found.taken} still right, ${found.blank} left blank and skipped; ` +
    `${accounted} accounted for`,
);
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
for (const each of wrong.slice(0, 20)) console.error(each);
if (lost > 0 || wrong.length > 0) process.exitCode = 1;
