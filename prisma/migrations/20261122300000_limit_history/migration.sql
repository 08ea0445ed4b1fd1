-- Who worked on a run: when it last renewed its leases, and how many it lost by falling silent.
CREATE TABLE "run_worker" (
    "run_id" INTEGER NOT NULL,
    "owner" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lost_leases" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "run_worker_pkey" PRIMARY KEY ("run_id", "owner"),
    CONSTRAINT "run_worker_lost_range" CHECK (lost_leases >= 0)
);

-- AddForeignKey
ALTER TABLE "run_worker" ADD CONSTRAINT "run_worker_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A collection whose endpoint refuses everything stops with the reason, as a run does.
ALTER TABLE "collection"
  ADD COLUMN "error" TEXT,
  DROP CONSTRAINT "collection_state_known",
  ADD CONSTRAINT "collection_state_known"
    CHECK (state IN ('queued', 'running', 'cancelling', 'cancelled', 'done', 'failed')),
  ADD CONSTRAINT "collection_error_when_failed" CHECK ((state = 'failed') = (error IS NOT NULL));
