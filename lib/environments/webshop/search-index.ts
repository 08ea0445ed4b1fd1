import { analyze } from "./analyzer";
import { compareText } from "../python-text";

const K1 = Math.fround(0.9);
const B = Math.fround(0.4);
/** Lengths below this are stored as they are; above, with four significant bits. */
const EXACT_LENGTHS = 24;
/** Lucene refuses queries of more different terms. */
const MOST_TERMS = 1024;

type Posting = { document: number; count: number };

/**
 * BM25 as Lucene 8 computes it: 32-bit floats, no (k1 + 1), lengths through its one-byte encoding. Immutable after
 * construction, shared by all episodes.
 */
export class SearchIndex {
  private readonly postings = new Map<string, Posting[]>();
  /** 1 / (k1 · (1 − b + b · length / average length)) per document. */
  private readonly inverseNorm: Float32Array;
  /** How many documents have a term at all; only these count for rarity and average length. */
  private readonly counting: number;
  /** Distinct terms and terms in all. */
  readonly size: string;

  /** @param documents id and text; ids break ties */
  constructor(private readonly documents: readonly { id: string; text: string }[]) {
    const lengths = documents.map(({ text }, document) => this.add(document, analyze(text)));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    this.size = `${this.postings.size}/${total}`;
    this.counting = lengths.filter((length) => length > 0).length;
    const average = Math.fround(total / Math.max(1, this.counting));
    this.inverseNorm = Float32Array.from(lengths, (length) => {
      const share = Math.fround(Math.fround(B * storedLength(length)) / average);
      const norm = Math.fround(K1 * Math.fround(Math.fround(1 - B) + share));
      return 1 / norm;
    });
  }

  /**
   * The best documents for a query, each query term weighted by how often it is said.
   * @returns ids, best first, at most `most`; ties by id; documents without any query term are not found. null for a
   * query of more than 1,024 different terms, which Lucene refuses
   */
  search(query: string, most: number): string[] | null {
    const scores = new Map<number, number>();
    const terms = counted(analyze(query));
    if (terms.size > MOST_TERMS) return null;
    for (const [term, times] of terms) {
      const postings = this.postings.get(term) ?? [];
      const weight = Math.fround(times * this.rarity(postings.length));
      for (const { document, count } of postings) {
        const grown = Math.fround(1 + Math.fround(count * (this.inverseNorm[document] ?? 0)));
        const gain = Math.fround(weight - Math.fround(weight / grown));
        scores.set(document, (scores.get(document) ?? 0) + gain);
      }
    }
    return Array.from(scores, ([document, score]) => ({
      id: this.documents[document]?.id ?? "",
      score: Math.fround(score),
    }))
      .sort((a, b) => b.score - a.score || compareText(a.id, b.id))
      .slice(0, most)
      .map(({ id }) => id);
  }

  private rarity(documents: number): number {
    return Math.fround(Math.log(1 + (this.counting - documents + 0.5) / (documents + 0.5)));
  }

  private add(document: number, terms: string[]): number {
    for (const [term, count] of counted(terms)) {
      const known = this.postings.get(term);
      if (known) known.push({ document, count });
      else this.postings.set(term, [{ document, count }]);
    }
    return terms.length;
  }
}

function counted(terms: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** A document's length as the index remembers it: Lucene's SmallFloat, one byte. */
export function storedLength(length: number): number {
  if (length < EXACT_LENGTHS) return length;
  const above = length - EXACT_LENGTHS;
  const shift = Math.max(0, 32 - Math.clz32(above) - 4);
  return EXACT_LENGTHS + ((above >>> shift) << shift);
}
