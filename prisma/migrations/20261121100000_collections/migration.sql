-- CreateTable
CREATE TABLE "collection" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "policy_id" INTEGER NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "max_calls" INTEGER,
    "max_tokens" BIGINT,
    "calls_committed" INTEGER NOT NULL DEFAULT 0,
    "tokens_spent" BIGINT NOT NULL DEFAULT 0,
    "largest_tokens" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "end_reason" TEXT,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "collection_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "collection_source_known" CHECK (source IN ('expert', 'agent')),
    CONSTRAINT "collection_state_known" CHECK (state IN ('queued', 'running', 'cancelling', 'cancelled', 'done')),
    CONSTRAINT "collection_end_reason_known" CHECK (end_reason IN ('call_budget', 'token_budget')),
    CONSTRAINT "collection_end_reason_at_end" CHECK (end_reason IS NULL OR state = 'done'),
    CONSTRAINT "collection_budget_range" CHECK (max_calls >= 1 AND max_tokens >= 1),
    CONSTRAINT "collection_calls_within_budget" CHECK (calls_committed >= 0 AND calls_committed <= max_calls)
);

-- CreateTable
CREATE TABLE "collection_episode" (
    "id" SERIAL NOT NULL,
    "collection_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "subtask_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "owner" TEXT,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "calls_started" INTEGER NOT NULL DEFAULT 0,
    "claim_calls" INTEGER NOT NULL DEFAULT 0,
    "prompt_tokens" INTEGER NOT NULL DEFAULT 0,
    "completion_tokens" INTEGER NOT NULL DEFAULT 0,
    "trajectory_id" INTEGER,
    "duplicate" BOOLEAN NOT NULL DEFAULT false,
    "error_code" TEXT,
    "error_message" TEXT,
    "prompt_version" TEXT,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "collection_episode_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "collection_episode_status_known"
      CHECK (status IN ('queued', 'running', 'completed', 'errored', 'cancelled', 'skipped')),
    CONSTRAINT "collection_episode_key_range" CHECK (position >= 0 AND attempt >= 0),
    CONSTRAINT "collection_episode_owned_while_running"
      CHECK ((status = 'running') = (owner IS NOT NULL) AND (status = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT "collection_episode_completed_has_trajectory" CHECK ((status = 'completed') = (trajectory_id IS NOT NULL)),
    CONSTRAINT "collection_episode_errored_has_code" CHECK ((status = 'errored') = (error_code IS NOT NULL))
);

-- CreateIndex
CREATE INDEX "collection_state_idx" ON "collection"("state");

-- CreateIndex
CREATE INDEX "collection_episode_queued" ON "collection_episode"("collection_id", "position") WHERE status = 'queued';

-- CreateIndex
CREATE INDEX "collection_episode_running" ON "collection_episode"("collection_id") WHERE status = 'running';

-- CreateIndex
CREATE INDEX "collection_episode_lease" ON "collection_episode"("lease_until") WHERE status = 'running';

-- CreateIndex
CREATE INDEX "collection_episode_subtask_id_idx" ON "collection_episode"("subtask_id");

-- CreateIndex
CREATE INDEX "collection_episode_trajectory_id_idx" ON "collection_episode"("trajectory_id");

-- CreateIndex
CREATE UNIQUE INDEX "collection_episode_collection_id_position_key" ON "collection_episode"("collection_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "collection_episode_collection_id_subtask_id_attempt_key" ON "collection_episode"("collection_id", "subtask_id", "attempt");

-- AddForeignKey
ALTER TABLE "collection" ADD CONSTRAINT "collection_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection" ADD CONSTRAINT "collection_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection" ADD CONSTRAINT "collection_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_episode" ADD CONSTRAINT "collection_episode_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_episode" ADD CONSTRAINT "collection_episode_subtask_id_fkey" FOREIGN KEY ("subtask_id") REFERENCES "subtask"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_episode" ADD CONSTRAINT "collection_episode_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
