import { searchedTexts, wordsOf, type Said } from "@/lib/core/words";
import type { BinaryRows } from "./binary-rows";

/** Words of up to so many ASCII letters and digits are held as numbers in the order of the words: sorting these is cheap. */
const SHORT = 10;
/** A digit of such a number: a letter or digit, or nothing behind the end. 37^10 is a safe integer. */
const BASE = 37;
const HALF = BASE ** 5;
const powers = Array.from({ length: SHORT + 1 }, (_, digits) => BASE ** digits);
const CUT = 64;
/** No letter, no digit, and no ASCII. */
const FOREIGN = 255;

/** By byte: which digit it is, whatever its case; 0 for none. */
const digits = new Uint8Array(256).fill(FOREIGN, 128);
const letters = new Uint8Array(BASE);
for (const [index, letter] of Array.from("0123456789abcdefghijklmnopqrstuvwxyz").entries()) {
  digits[letter.charCodeAt(0)] = index + 1;
  digits[letter.toUpperCase().charCodeAt(0)] = index + 1;
  letters[index + 1] = letter.charCodeAt(0);
}

/** The words of one trajectory after the other, as `saidIn` finds them, written as a `tsvector`. */
export class Lexemes {
  private text = Buffer.allocUnsafe(16 * 1024);
  private shorts = new Float64Array(4096);
  private count = 0;
  private readonly seen = new Seen();
  private readonly others = new Set<string>();

  /** Writes a field with the words of steps, each once, in the order in which the database keeps them. */
  write(rows: BinaryRows, steps: Said[]): void {
    this.count = 0;
    this.others.clear();
    for (const text of searchedTexts(steps)) this.take(text);
    const shorts = this.shorts.subarray(0, this.count);
    const distinct = shorts.subarray(0, this.seen.distinct(shorts)).sort();
    const others = [...this.others].sort();
    const begin = rows.field();
    rows.space(4);
    rows.upTo(begin + 4);
    let from = 0;
    for (const other of others) {
      const to = firstAbove(distinct, lastBefore(other), from);
      writeShorts(rows, distinct, from, to);
      from = to;
      rows.utf8(`${other}\0\0\0`);
    }
    writeShorts(rows, distinct, from, distinct.length);
    rows.patch(begin, others.length + distinct.length);
    rows.ends(begin);
  }

  private take(text: string): void {
    if (this.text.length < text.length * 3) this.text = Buffer.allocUnsafe(text.length * 3);
    const bytes = this.text;
    const length = bytes.write(text);
    this.room(length);
    let key = 0;
    let begin = 0;
    for (let at = 0; at <= length; at += 1) {
      const digit = at === length ? 0 : (digits[bytes[at] ?? 0] ?? 0);
      if (digit === FOREIGN) return this.takeWords(wordsOf(text));
      if (digit !== 0) {
        if (at - begin < SHORT) key = key * BASE + digit;
        continue;
      }
      const size = at - begin;
      if (size > SHORT)
        this.others.add(bytes.toString("latin1", begin, begin + Math.min(size, CUT)).toLowerCase());
      else if (size > 0) this.shorts[this.count++] = key * (powers[SHORT - size] ?? 1);
      key = 0;
      begin = at + 1;
    }
  }

  /** Words however they were found; some may be there already. */
  private takeWords(words: string[]): void {
    this.room(2 * words.length);
    for (const word of words) {
      const key = word.length > SHORT ? null : keyOf(word);
      if (key === null) this.others.add(word);
      else this.shorts[this.count++] = key;
    }
  }

  private room(characters: number): void {
    const needed = this.count + Math.ceil(characters / 2) + 1;
    if (needed <= this.shorts.length) return;
    const larger = new Float64Array(2 * needed);
    larger.set(this.shorts.subarray(0, this.count));
    this.shorts = larger;
  }
}

/** Which numbers were seen: a table that is open to any place, and forgets all when its round ends. */
class Seen {
  private keys = new Float64Array(4096);
  private rounds = new Int32Array(4096);
  private round = 0;

  /** Moves each number to the beginning, once. @returns how many these are */
  distinct(given: Float64Array): number {
    if (2 * given.length > this.keys.length) {
      this.keys = new Float64Array(4 * 2 ** Math.ceil(Math.log2(given.length)));
      this.rounds = new Int32Array(this.keys.length);
    }
    this.round = (this.round + 1) | 0;
    let found = 0;
    for (const key of given) if (this.isNew(key)) given[found++] = key;
    return found;
  }

  private isNew(key: number): boolean {
    const { keys, rounds, round } = this;
    const last = keys.length - 1;
    const high = Math.floor(key / HALF);
    const mixed = Math.imul(high | 0, 0x9e3779b1) ^ Math.imul((key - high * HALF) | 0, 0x85ebca6b);
    let at = (mixed ^ (mixed >>> 15)) & last;
    for (; rounds[at] === round; at = (at + 1) & last) if (keys[at] === key) return false;
    rounds[at] = round;
    keys[at] = key;
    return true;
  }
}

/** The number of a short word; null where it holds anything else. */
function keyOf(word: string): number | null {
  let key = 0;
  for (let at = 0; at < word.length; at += 1) {
    const digit = digits[Math.min(word.charCodeAt(at), FOREIGN)] ?? FOREIGN;
    if (digit === FOREIGN) return null;
    key = key * BASE + digit;
  }
  return key * (powers[SHORT - word.length] ?? 1);
}

/** The largest number of a short word that stands before a word that is none. */
function lastBefore(word: string): number {
  let key = 0;
  for (let at = 0; at < SHORT; at += 1) {
    const digit = digits[Math.min(word.charCodeAt(at), FOREIGN)] ?? FOREIGN;
    // What begins alike and goes on in ASCII stands before it, whatever follows.
    if (digit === FOREIGN) return (key + 1) * (powers[SHORT - at] ?? 1) - 1;
    key = key * BASE + digit;
  }
  return key;
}

function firstAbove(keys: Float64Array, bound: number, from: number): number {
  let at = from;
  while (at < keys.length && (keys[at] ?? 0) <= bound) at += 1;
  return at;
}

function writeShorts(rows: BinaryRows, keys: Float64Array, from: number, to: number): void {
  const { bytes, at } = rows.space((to - from) * (SHORT + 3));
  let end = at;
  for (let index = from; index < to; index += 1) {
    const key = keys[index] ?? 0;
    const high = Math.floor(key / HALF);
    end = writeHalf(bytes, end, high);
    if (key > high * HALF) end = writeHalf(bytes, end, key - high * HALF);
    // Its end, and no positions.
    bytes[end] = 0;
    bytes[end + 1] = 0;
    bytes[end + 2] = 0;
    end += 3;
  }
  rows.upTo(end);
}

function writeHalf(bytes: Buffer, at: number, half: number): number {
  let rest = half;
  let end = at;
  for (let power = HALF / BASE; rest > 0; power /= BASE) {
    const digit = Math.floor(rest / power);
    bytes[end++] = letters[digit] ?? 0;
    rest -= digit * power;
  }
  return end;
}
