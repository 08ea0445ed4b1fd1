import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import { exampleKey, type DatasetSource } from "@/lib/core/dataset-recipe";
import type { StoredExample } from "@/lib/core/dataset-store";
import { storedExample, type Example } from "@/lib/core/example";
import { groupBy } from "@/lib/core/group-by";
import type { DatasetRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

const BATCH = 200;

/**
 * Where every trained token of a dataset comes from, as one JSON object in pieces, always the same bytes: the recipe and
 * the ids it came to, then per example its hash, trajectory, evidence, rule, checkpoint and who decided what.
 * @throws AppError not_found
 */
export async function datasetManifest(
  { store }: Pick<Deps, "store">,
  datasetId: number,
): Promise<{ dataset: DatasetRow; pieces: AsyncIterable<string> }> {
  const dataset = await store.datasets.get(datasetId);
  return { dataset, pieces: piecesOf(store, dataset) };
}

async function* piecesOf(store: Deps["store"], dataset: DatasetRow): AsyncGenerator<string> {
  const { datasetId, name, version, previousId, contentHash, exampleCount, validationCount } = dataset;
  const { recipe, selection, facts } = await store.datasets.recipe(datasetId);
  const head = {
    ...{ format: "gleaner-manifest-1", datasetId, name, version, previousId, contentHash },
    ...{ exampleCount, validationCount, frozenAt: dataset.createdAt, frozenBy: dataset.createdBy },
    ...{ recipe, selection: selection ?? null, facts },
  };
  yield `${canonicalJson(head).slice(0, -1)},"examples":[`;
  for (let from = 0; ;) {
    const batch = await store.datasets.texts(datasetId, { from, limit: BATCH });
    const last = batch.at(-1);
    if (!last) break;
    const examples = batch.map((stored) => ({ stored, example: storedExample(stored, dataset.datasetId) }));
    const ids = [...new Set(examples.map(({ example }) => example.provenance.trajectoryId))];
    const sources = groupBy(await store.datasets.sourcesOf(datasetId, ids), (each) => each.trajectoryId);
    yield examples
      .map(({ stored, example }) =>
        entryOf(stored, example, sources.get(example.provenance.trajectoryId) ?? []),
      )
      .map((entry, i) => (from === 0 && i === 0 ? "\n" : ",\n") + canonicalJson(entry))
      .join("");
    from = last.exampleIndex + 1;
  }
  yield "\n]}\n";
}

/** One line of the manifest. `turns` are the trained ones; the mask of the others is in the example's text. */
function entryOf({ exampleIndex, split, text }: StoredExample, example: Example, sources: DatasetSource[]) {
  const { provenance, environment, subtaskKey, kind } = example;
  const { trajectory, trajectoryId, importantState, rollout, checkpoint, ruleVersion, turns } = provenance;
  return {
    ...{ index: exampleIndex, key: exampleKey(example), kind, split, environment, subtaskKey },
    hash: createHash("sha256").update(text).digest("hex"),
    trajectory: { id: trajectoryId, contentHash: trajectory },
    ...{ importantState, rollout, checkpoint, ruleVersion },
    evidence: sources.map(({ runId, alpha, minAttempts, ruleVersion: rule, checkpoint: by, ...of }) => ({
      ...{ runId, alpha, minAttempts, ruleVersion: rule, checkpoint: by, stale: of.stale },
      ...{ rolloutIds: of.completed, lastReviewId: of.lastReviewId },
    })),
    turns: turns
      .filter(({ train }) => train)
      .map(({ messageIndex, source, stepIndex, verdict, decision, reviewer }) => ({
        ...{ messageIndex, source, stepIndex, verdict, decision, reviewer },
      })),
  };
}
