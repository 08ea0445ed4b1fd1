import type { Bulk } from "./bulk";

/** Characters of words that wait before they are put into the index: some 10 MB of its list, which holds 16. */
const BEGIN = 4_000_000;
/** So many may be added meanwhile; then who adds more waits, so that a search never meets a long list. */
const MOST = 16_000_000;

/** New words wait in a list; who fills it up must put them into the index, and what it stores waits for that. */
export type WordIndex = {
  /** Notes words that were stored; now and then another connection puts them into the index meanwhile. */
  added(characters: number): Promise<void>;
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
    async added(characters) {
      waiting += characters;
      if (waiting >= MOST) await merging;
      if (waiting >= BEGIN) merging ??= merge();
    },
    async settled() {
      await merging;
      if (waiting > 0) await (merging ??= merge());
    },
  };
}
