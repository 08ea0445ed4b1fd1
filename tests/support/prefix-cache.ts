/**
 * A model server's prefix cache, simulated: blocks of sixteen tokens, each named by itself and all before it, the least
 * recently used evicted first, as in vLLM. A prompt is served from the blocks of its beginning that are there. Tokens are
 * estimated from bytes. Requests are taken one after the other: what a batch shares while it runs is not modelled.
 */
const BLOCK_TOKENS = 16;
/** English text and shop pages come to about four bytes per token with the tokenizers in use. */
const BYTES_PER_TOKEN = 4;
const BLOCK_BYTES = BLOCK_TOKENS * BYTES_PER_TOKEN;

/** A request as the cache sees it: names of whole blocks. `prompt` counts those that belong to the prompt. */
export type Blocks = { names: number[]; prompt: number; tokens: number };

/** Gives blocks their names: the same beginning has the same names, whoever asks. */
export function createBlocks() {
  const names = new Map<string, number>();
  return (prompt: string, reply: string): Blocks => {
    const bytes = Buffer.from(prompt + reply);
    const promptBytes = Buffer.byteLength(prompt);
    const found: number[] = [];
    let before = 0;
    for (let at = 0; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) {
      const key = `${before}/${bytes.toString("latin1", at, at + BLOCK_BYTES)}`;
      before = names.get(key) ?? names.size + 1;
      names.set(key, before);
      found.push(before);
    }
    return {
      names: found,
      // The last token of a prompt is always computed, so that a prompt is never found as a whole.
      prompt: Math.floor((promptBytes - 1) / BLOCK_BYTES),
      tokens: promptBytes / BYTES_PER_TOKEN,
    };
  };
}

/** What a request found: of so many tokens of its prompt, so many were there. */
export type Found = { tokens: number; cached: number };

/** @param capacity in tokens; Infinity forgets nothing */
export function createPrefixCache(capacity: number): (request: Blocks) => Found {
  const room = Math.floor(capacity / BLOCK_TOKENS);
  const kept = new Set<number>();
  return ({ names, prompt, tokens }) => {
    let hits = 0;
    for (const name of names.slice(0, prompt)) {
      if (!kept.has(name)) break;
      hits += 1;
    }
    // A request lets go of its last block first: a beginning is evicted after what follows it.
    for (const name of names.toReversed()) {
      kept.delete(name);
      kept.add(name);
    }
    for (const oldest of kept) {
      if (kept.size <= room) break;
      kept.delete(oldest);
    }
    return { tokens, cached: hits * BLOCK_TOKENS };
  };
}

/** The share of prompt tokens that need not be computed. */
export function hitRate(found: Found[]): number {
  const sum = (of: (each: Found) => number) => found.reduce((total, each) => total + of(each), 0);
  return (
    sum(({ cached }) => cached) /
    Math.max(
      1,
      sum(({ tokens }) => tokens),
    )
  );
}
