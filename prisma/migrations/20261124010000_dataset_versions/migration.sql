-- Versions of datasets, what each rests on, and what it left out: so that two can be compared, and one made again.

-- Datasets that share a name are versions of each other, in the order they were frozen.
-- AlterTable
ALTER TABLE "dataset" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "previous_id" INTEGER;
-- Which state an example solves; null where it solves none.
-- AlterTable
ALTER TABLE "dataset_example" ADD COLUMN "important_state" INTEGER;

-- What is frozen is refused any change: these columns are the only thing that is added to it.
ALTER TABLE "dataset" DISABLE TRIGGER "dataset_is_fact";
UPDATE "dataset" SET version = x.version, previous_id = x.previous_id FROM (
  SELECT id, row_number() OVER named AS version, lag(id) OVER named AS previous_id
  FROM "dataset" WINDOW named AS (PARTITION BY name ORDER BY id)
) x WHERE x.id = "dataset".id;
ALTER TABLE "dataset" ENABLE TRIGGER "dataset_is_fact";
ALTER TABLE "dataset_example" DISABLE TRIGGER "dataset_example_is_fact";
UPDATE "dataset_example" SET important_state = (example::json #>> '{provenance,importantState}')::int
  WHERE example::json #>> '{provenance,importantState}' IS NOT NULL;
ALTER TABLE "dataset_example" ENABLE TRIGGER "dataset_example_is_fact";

ALTER TABLE "dataset" ADD CONSTRAINT "dataset_version_range"
  CHECK (version >= 1 AND (version = 1) = (previous_id IS NULL));
-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_version_key" ON "dataset"("name", "version");
-- CreateIndex
CREATE INDEX "dataset_example_key" ON "dataset_example"("dataset_id", "trajectory_id", "important_state", "example_index");
-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_previous_id_fkey" FOREIGN KEY ("previous_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The facts of one trajectory in one run as they were when the dataset was frozen: which of its rollouts had come to an
-- answer, which were planned beside them, and the last decision. Facts that come later are told apart by this.
-- CreateTable
CREATE TABLE "dataset_source" (
    "dataset_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "run_id" INTEGER NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "min_attempts" INTEGER NOT NULL,
    "rule_version" TEXT NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "stale" BOOLEAN NOT NULL,
    "completed" INTEGER[],
    "open" INTEGER[],
    "last_review_id" INTEGER NOT NULL,

    CONSTRAINT "dataset_source_pkey" PRIMARY KEY ("dataset_id","trajectory_id","run_id")
);

-- Solutions and examples that could have been in it, and why they are not.
-- CreateTable
CREATE TABLE "dataset_left_out" (
    "dataset_id" INTEGER NOT NULL,
    "left_out_index" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "important_state" INTEGER,
    "reason" TEXT NOT NULL,
    "reviewer" TEXT,

    CONSTRAINT "dataset_left_out_pkey" PRIMARY KEY ("dataset_id","left_out_index"),
    CONSTRAINT "dataset_left_out_reason_known" CHECK (reason IN ('unsolved', 'undecided', 'vetoed', 'notApproved',
      'noSteps', 'stale', 'kind', 'capped', 'share'))
);
-- CreateIndex
CREATE INDEX "dataset_left_out_trajectory" ON "dataset_left_out"("dataset_id", "trajectory_id");

-- The dataset's own row comes last, so that these are checked when the transaction ends.
-- AddForeignKey
ALTER TABLE "dataset_source" ADD CONSTRAINT "dataset_source_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
-- AddForeignKey
ALTER TABLE "dataset_left_out" ADD CONSTRAINT "dataset_left_out_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE TRIGGER "dataset_source_is_fact" BEFORE UPDATE OR DELETE ON "dataset_source"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "dataset_left_out_is_fact" BEFORE UPDATE OR DELETE ON "dataset_left_out"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "dataset_source_is_frozen" AFTER INSERT ON "dataset_source" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_example();
CREATE TRIGGER "dataset_left_out_is_frozen" AFTER INSERT ON "dataset_left_out" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_example();
