import type { Bulk } from "./bulk";

/** Characters of words that wait to be put into the index before that is begun: some 10 MB of its list, which holds 16. */
const BEGIN = 4_000_000;
/** So many may be added while it is done; then who adds more waits for it, so that a search never meets a long list. */
const MOST = 16_000_000;

/** New words wait in a list; who fills it up has to put them into the index, and all it stores waits for that. */
export type WordIndex = {
  /** Notes words that were stored; now and then they are put into the index meanwhile, by another connection. */
  added(characters: number): Promise<void>;
  /** Ends when none of the words added here wait any more, so that the next search does not read through them. */
  settled(): Promise<void>;
};

/** The index of words as one who adds many sees it; what fails here is done by the database itself later. */
export function wordIndexIn(bulk: Bulk): WordIndex {
  let waiting = 0;
  let merging: Promise<void> | null = null;
  const merge = () => {
    waiting = 0;
    const merged = bulk.transaction((tx) => tx.$queryRaw`select gin_clean_pending_list('trajectory_text_words_idx')`);
    // Only the owner of an index may ask for it; all others leave it to those who fill the list, as they always did.
    const done = merged.then(() => undefined, () => undefined);
    merging = done.then(() => void (merging = null));
    return merging;
  };
  return {
    async added(characters) {
      waiting += characters;
      if (merging !== null && waiting >= MOST) await merging;
      if (merging === null && waiting >= BEGIN) void merge();
    },
    async settled() {
      await merging;
      if (waiting > 0) await merge();
    },
  };
}
