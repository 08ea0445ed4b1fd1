/** What an example of a dataset is for: training, or measuring how training goes. */
export const datasetSplits = ["train", "validation"] as const;
export type DatasetSplit = (typeof datasetSplits)[number];
