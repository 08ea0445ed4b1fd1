import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import type { StoredExample } from "@/lib/core/dataset-store";
import { AppError } from "@/lib/core/errors";
import type { Store } from "@/lib/core/store";
import { Account } from "./dataset-account";
import { datasetExamples, hashedLine } from "./dataset-examples";
import type { Deps } from "./deps";
import { FactsNow } from "./example-facts";
import { FactsThen } from "./frozen-facts";

const BATCH = 500;
const TOLD = 20;

export type Rebuilt = {
  identical: boolean;
  examples: number;
  /** SHA-256 of the examples as they were frozen, and as they are made now. */
  frozenHash: string;
  rebuiltHash: string;
  /** Indexes of examples that are not the same, at most 20. */
  differing: number[];
  /** What is not to be had as it was; empty where everything is. */
  changes: string[];
};

/**
 * Makes a dataset again from its recipe and the facts it was frozen from, and says whether every byte is the same. What
 * was mined or reviewed since is not looked at.
 * @throws AppError not_found
 */
export async function rebuildDataset({ store }: Pick<Deps, "store">, datasetId: number): Promise<Rebuilt> {
  const { contentHash } = await store.datasets.get(datasetId);
  const { recipe, facts: frozen } = await store.datasets.recipe(datasetId);
  const then = frozen ? new FactsThen(store, datasetId, frozen) : null;
  const facts = then ?? new FactsNow(store);
  const account = new Account(recipe, false);
  const hash = createHash("sha256");
  const stored = textsOf(store, datasetId);
  const differing: number[] = [];
  let examples = 0;
  let gone: string[] = [];
  try {
    for await (const { example, split } of datasetExamples(facts, recipe, account)) {
      account.take();
      const text = canonicalJson(example);
      hash.update(hashedLine(text, split));
      const { value: was, done } = await stored.next();
      const same = !done && was.text === text && was.split === split;
      if (!same && differing.length < TOLD) differing.push(examples);
      examples += 1;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    gone = [error.message];
  }
  await stored.return(undefined);
  const rebuiltHash = hash.digest("hex");
  const before = then ? [] : ["it was frozen before its facts were kept: it is made again from today’s"];
  const changes = [...before, ...(then?.changes ?? []), ...gone];
  return {
    identical: rebuiltHash === contentHash,
    examples,
    differing,
    frozenHash: contentHash,
    rebuiltHash,
    changes,
  };
}

async function* textsOf(store: Store, datasetId: number): AsyncGenerator<StoredExample, void, undefined> {
  for (let from = 0; ;) {
    const batch = await store.datasets.texts(datasetId, { from, limit: BATCH });
    yield* batch;
    const last = batch.at(-1);
    if (!last) return;
    from = last.exampleIndex + 1;
  }
}
