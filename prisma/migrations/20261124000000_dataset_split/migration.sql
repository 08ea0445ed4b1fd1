-- Which part of a dataset an example is for. A dataset frozen before was all for training.
-- AlterTable
ALTER TABLE "dataset_example" ADD COLUMN "split" TEXT NOT NULL DEFAULT 'train';
ALTER TABLE "dataset_example" ADD CONSTRAINT "dataset_example_split_known" CHECK (split IN ('train', 'validation'));

-- AlterTable
ALTER TABLE "dataset" ADD COLUMN "validation_count" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_validation_count_range"
  CHECK (validation_count BETWEEN 0 AND example_count);
