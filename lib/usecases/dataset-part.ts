import { AppError } from "@/lib/core/errors";
import type { RecipeSettings } from "@/lib/core/dataset-recipe";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { ExamplePart } from "@/lib/core/dataset-store";
import { storedExample, type Example } from "@/lib/core/example";
import type { Deps } from "./deps";
import { Selection } from "./selection";

export type ExampleRow = { exampleIndex: number; split: DatasetSplit; example: Example };

/**
 * Some examples of a dataset, of one split or kind where that is asked for, in its order.
 * @returns `next` is the index to go on from; null at the end
 * @throws AppError not_found
 */
export async function datasetPart(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  part: ExamplePart,
): Promise<{ rows: ExampleRow[]; next: number | null }> {
  const texts = await store.datasets.texts(datasetId, { ...part, limit: part.limit + 1 });
  const shown = texts.slice(0, part.limit);
  const rows = shown.map((stored) => {
    const { exampleIndex, split } = stored;
    return { exampleIndex, split, example: storedExample(stored, datasetId) };
  });
  const last = shown.at(-1);
  const after = texts.length > shown.length ? texts[shown.length]?.exampleIndex : undefined;
  // A batch is cut short where its texts are long: then it goes on after the last one.
  const cut = last && shown.length < part.limit ? last.exampleIndex + 1 : null;
  const more =
    cut !== null && (await store.datasets.texts(datasetId, { ...part, from: cut, limit: 1 })).length > 0;
  return { rows, next: after ?? (more ? cut : null) };
}

/**
 * What a dataset was made of, to make the next version of it.
 * @throws AppError not_found; invalid_input for the dataset of a campaign's iteration, which has one
 */
export async function datasetAgain(
  { store }: Pick<Deps, "store">,
  datasetId: number,
): Promise<{ name: string; selection: Selection; settings: RecipeSettings }> {
  const { name } = await store.datasets.get(datasetId);
  const { recipe, selection } = await store.datasets.recipe(datasetId);
  const { trajectoryIds, ...settings } = recipe;
  if (settings.iteration)
    throw new AppError(
      "invalid_input",
      `dataset ${datasetId} is that of a campaign’s iteration, which has one`,
      {
        fix: "start the next iteration of the campaign, which freezes the next dataset",
      },
    );
  const chosen = Selection.safeParse(selection);
  return { name, selection: chosen.success ? chosen.data : { trajectoryIds }, settings };
}
