-- CreateTable
CREATE TABLE "campaign" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "model" TEXT,
    "choice" JSONB,
    "last_trajectory_id" INTEGER NOT NULL,
    "config" JSONB NOT NULL,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "campaign_name_given" CHECK (name <> '')
);

-- CreateTable
CREATE TABLE "campaign_iteration" (
    "campaign_id" INTEGER NOT NULL,
    "iteration" INTEGER NOT NULL,
    "policy_id" INTEGER NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "prices" JSONB,
    "collection_id" INTEGER,
    "run_id" INTEGER,
    "dataset_id" INTEGER,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_iteration_pkey" PRIMARY KEY ("campaign_id", "iteration"),
    CONSTRAINT "campaign_iteration_number_range" CHECK (iteration >= 0),
    CONSTRAINT "campaign_iteration_mined_before_frozen" CHECK (dataset_id IS NULL OR run_id IS NOT NULL)
);

-- CreateIndex
CREATE UNIQUE INDEX "campaign_iteration_collection_id_key" ON "campaign_iteration"("collection_id");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_iteration_run_id_key" ON "campaign_iteration"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_iteration_dataset_id_key" ON "campaign_iteration"("dataset_id");

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_iteration" ADD CONSTRAINT "campaign_iteration_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_iteration" ADD CONSTRAINT "campaign_iteration_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_iteration" ADD CONSTRAINT "campaign_iteration_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_iteration" ADD CONSTRAINT "campaign_iteration_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_iteration" ADD CONSTRAINT "campaign_iteration_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
