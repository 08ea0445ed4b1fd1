import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { checkedDraft, messagesOf, rowOf, storeRows, type DraftRow } from "./add-trajectories";
import { BinaryRows } from "./binary-rows";
import type { BulkTx } from "./bulk";
import { Lexemes } from "./lexemes";
import { isSampled, SAMPLED } from "./trajectory-said";
import type { WordIndex } from "./word-index";

/** Where the rows of a draft lie, and where in them the trajectory's id is written. */
type Place = { steps: { from: number; to: number; ids: number[] }; words: { from: number; to: number } };
/** Rows from one place to another, and what goes before them. */
type Part = { from: number; to: number; head?: Buffer };

/** A row of words: its two fields, the id in the first, the length of the second and the number of words. */
const WORDS = { id: 6, length: 10, count: 14, begin: 18 };

/**
 * Drafts checked, hashed and written as rows before it is known which of them are stored already: what has to be done once
 * that is known costs next to nothing. Used again and again, it holds no more than the largest batch did.
 */
export class DraftBatch {
  private readonly rows: DraftRow[] = [];
  private readonly places: Place[] = [];
  private readonly steps = new BinaryRows();
  private readonly words = new BinaryRows();
  private readonly lexemes = new Lexemes();

  get length(): number {
    return this.rows.length;
  }

  /** Bytes of words. */
  get said(): number {
    return this.words.length;
  }

  /** @throws AppError invalid_input naming the field that cannot be stored */
  add(given: TrajectoryDraft): void {
    const draft = checkedDraft(given, this.rows.length);
    const row = rowOf(draft);
    this.places.push({ steps: this.writeSteps(draft), words: this.writeWords(draft) });
    this.rows.push(row);
  }

  clear(): void {
    this.rows.length = 0;
    this.places.length = 0;
    this.steps.clear();
    this.words.clear();
  }

  /** Stores them all as a part of a larger transaction, those that are not stored yet. */
  store(tx: BulkTx, importId: number, index: WordIndex): Promise<{ stored: number; duplicates: number }> {
    return storeRows(tx, this.rows, importId, async (ids) => {
      const fresh = this.identified(ids);
      const steps = "step (trajectory_id, step_index, observation, thought, action, reward, messages)";
      await tx.copy(
        steps,
        joined(
          this.steps,
          fresh.map(({ place }) => place.steps),
        ),
      );
      await index.ready();
      await tx.copy("trajectory_text (trajectory_id, words)", joined(this.words, this.wordsOf(fresh)));
    });
  }

  private writeSteps({ steps }: TrajectoryDraft): Place["steps"] {
    const rows = this.steps;
    const from = rows.length;
    const ids = steps.map((step, index) => {
      rows.row(7);
      const at = rows.int(0);
      rows.int(index);
      rows.text(step.observation);
      rows.text(step.thought);
      rows.text(step.action);
      rows.float(step.reward);
      rows.text(messagesOf(step));
      return at;
    });
    return { from, to: rows.length, ids };
  }

  private writeWords({ steps }: TrajectoryDraft): Place["words"] {
    const from = this.words.length;
    this.words.row(2);
    this.words.int(0);
    this.lexemes.write(this.words, steps);
    return { from, to: this.words.length };
  }

  /** The places of those stored just now, their ids written in; of several alike the first. */
  private identified(ids: Map<string, number>): { id: number; place: Place }[] {
    const left = new Map(ids);
    return this.rows.flatMap(({ hash }, index) => {
      const [id, place] = [left.get(hash), this.places[index]];
      if (id === undefined || place === undefined) return [];
      left.delete(hash);
      for (const at of place.steps.ids) this.steps.patch(at, id);
      this.words.patch(place.words.from + WORDS.id, id);
      return [{ id, place }];
    });
  }

  private wordsOf(fresh: { id: number; place: Place }[]): Part[] {
    return fresh.map(({ id, place: { words } }) =>
      isSampled(id)
        ? {
            ...words,
            from: words.from + WORDS.begin,
            head: sampledHead(this.words.part(words.from, words.to)),
          }
        : words,
    );
  }
}

/** Rows as they lie: those that follow each other at once. */
function* joined(rows: BinaryRows, parts: Part[]): Generator<Buffer> {
  let [begin, end] = [0, 0];
  for (const { head, from, to } of parts) {
    if (from !== end || head !== undefined) {
      if (begin < end) yield rows.part(begin, end);
      if (head !== undefined) yield head;
      begin = from;
    }
    end = to;
  }
  if (begin < end) yield rows.part(begin, end);
}

/** The beginning of a row of words, with the word of the sample before all others. */
function sampledHead(row: Buffer): Buffer {
  const more = Buffer.from(`${SAMPLED}\0\0\0`);
  const head = Buffer.concat([row.subarray(0, WORDS.begin), more]);
  head.writeInt32BE(row.readInt32BE(WORDS.length) + more.length, WORDS.length);
  head.writeInt32BE(row.readInt32BE(WORDS.count) + 1, WORDS.count);
  return head;
}
