import { setTimeout as pause } from "node:timers/promises";
import type { Bulk } from "./bulk";

/** Bytes of words that wait before they are put into the index: some 40 MB of its list, which holds 64. */
const BEGIN = 16_000_000;
/** So many more may be added meanwhile: what is added then is put into it too, a little at a time, which takes longer. */
const MEANWHILE = 8_000_000;
/** Longest wait in milliseconds: a transaction that stands still for long is taken back. */
const PATIENCE = 2000;

/** New words wait in a list; who fills it up must put them into the index, and what it stores waits for that. */
export type WordIndex = {
  /** Ends when more words may be added: soon, however long those take that are put into the index. */
  ready(): Promise<void>;
  /** Notes words that were stored; now and then another connection puts them into the index meanwhile. */
  added(bytes: number): void;
  /** Ends when no words added here wait any more, so that the next search does not read through them. */
  settled(): Promise<void>;
};

/** The index of words as one who adds many sees it; it never fails. */
export function wordIndexIn(bulk: Bulk): WordIndex {
  let waiting = 0;
  let merging: Promise<void> | null = null;
  async function merge(): Promise<void> {
    waiting = 0;
    try {
      await bulk.transaction(
        (tx) => tx.$queryRaw`select gin_clean_pending_list('trajectory_text_words_idx')`,
      );
    } catch {
      // Only the owner of an index may ask for it. Then it is left to who fills the list, and to autovacuum.
    } finally {
      merging = null;
    }
  }
  return {
    async ready() {
      if (merging === null || waiting < MEANWHILE) return;
      const enough = new AbortController();
      await Promise.race([merging, pause(PATIENCE, null, { signal: enough.signal }).catch(() => null)]);
      enough.abort();
    },
    added(bytes) {
      waiting += bytes;
      if (waiting >= BEGIN) merging ??= merge();
    },
    async settled() {
      await merging;
      if (waiting > 0) await (merging ??= merge());
    },
  };
}
