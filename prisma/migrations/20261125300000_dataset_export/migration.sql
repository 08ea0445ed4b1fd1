-- Datasets that a worker writes as files before they are downloaded. A dataset in a format by a version of Gleaner is one row
-- and one file of a folder (`folder` names the one on whose disk it is), itself named by `key` and the `epoch` that wrote it.
-- Every write of a worker carries the epoch it claimed.
-- CreateTable
CREATE TABLE "dataset_export" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL DEFAULT gen_random_uuid()::text,
    "dataset_id" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "gleaner_version" TEXT NOT NULL,
    "folder" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "examples" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" TEXT,
    "expires_at" TIMESTAMPTZ,
    "error_code" TEXT,
    "error_message" TEXT,
    "error_fix" TEXT,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "dataset_export_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "dataset_export_state_known" CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT "dataset_export_lease" CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT "dataset_export_held_while_running" CHECK ((owner IS NOT NULL) = (state = 'running')),
    CONSTRAINT "dataset_export_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "dataset_export_done" CHECK ((state = 'done') = (sha256 IS NOT NULL) AND (state = 'done') = (expires_at IS NOT NULL)),
    CONSTRAINT "dataset_export_error" CHECK ((state = 'failed') = (error_code IS NOT NULL) AND (state = 'failed') = (error_message IS NOT NULL)),
    CONSTRAINT "dataset_export_finished" CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT "dataset_export_counted" CHECK (examples >= 0 AND bytes >= 0 AND epoch >= 0 AND claims >= 0),
    CONSTRAINT "dataset_export_named" CHECK (format <> '' AND gleaner_version <> '' AND folder <> '' AND file_name <> '')
);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_export_key_key" ON "dataset_export"("key");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_export_dataset_id_format_gleaner_version_folder_key" ON "dataset_export"("dataset_id", "format", "gleaner_version", "folder");

-- CreateIndex
CREATE INDEX "dataset_export_open" ON "dataset_export"("id") WHERE state IN ('queued', 'running');

-- CreateIndex
CREATE INDEX "dataset_export_kept" ON "dataset_export"("expires_at") WHERE state = 'done';

-- AddForeignKey
ALTER TABLE "dataset_export" ADD CONSTRAINT "dataset_export_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_export" ADD CONSTRAINT "dataset_export_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
