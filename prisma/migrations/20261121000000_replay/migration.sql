-- Subtasks say which kind of task they are, which split they belong to, and where they stand in their environment's order.
ALTER TABLE "subtask" ADD COLUMN "position" INTEGER,
ADD COLUMN "task_type" TEXT,
ADD COLUMN "split" TEXT,
ADD CONSTRAINT "subtask_split_known" CHECK (split IN ('train', 'dev', 'test'));

-- What an environment said of itself when it was last connected.
ALTER TABLE "environment" ADD COLUMN "about" JSONB,
ADD COLUMN "checked_at" TIMESTAMPTZ,
ADD COLUMN "check_error" JSONB;

-- CreateTable
CREATE TABLE "replay_check" (
    "trajectory_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "divergence" JSON,
    "reason" TEXT,
    "fingerprint" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replay_check_pkey" PRIMARY KEY ("trajectory_id"),
    CONSTRAINT "replay_check_state_known" CHECK (state IN ('verified', 'diverged', 'not_replayable')),
    CONSTRAINT "replay_check_divergence" CHECK ((state = 'diverged') = (divergence IS NOT NULL))
);

-- CreateTable
CREATE TABLE "verification" (
    "id" SERIAL NOT NULL,
    "person_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "verification_state_known" CHECK (state IN ('running', 'cancelled', 'done'))
);

-- CreateTable
CREATE TABLE "verification_entry" (
    "verification_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "chunk" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL DEFAULT 'queued',
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "verification_entry_pkey" PRIMARY KEY ("verification_id","trajectory_id"),
    CONSTRAINT "verification_entry_outcome_known" CHECK (outcome IN ('queued', 'verified', 'diverged', 'not_replayable', 'errored', 'cancelled')),
    CONSTRAINT "verification_entry_error" CHECK ((outcome = 'errored') = (error_code IS NOT NULL))
);

-- CreateIndex
CREATE INDEX "subtask_environment_id_position_idx" ON "subtask"("environment_id", "position");

-- CreateIndex
CREATE INDEX "replay_check_state_trajectory_id_idx" ON "replay_check"("state", "trajectory_id");

-- CreateIndex
CREATE INDEX "verification_entry_trajectory_id_idx" ON "verification_entry"("trajectory_id");

-- CreateIndex
CREATE INDEX "verification_entry_queued" ON "verification_entry"("verification_id", "chunk", "trajectory_id") WHERE outcome = 'queued';

-- AddForeignKey
ALTER TABLE "replay_check" ADD CONSTRAINT "replay_check_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification" ADD CONSTRAINT "verification_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification_entry" ADD CONSTRAINT "verification_entry_verification_id_fkey" FOREIGN KEY ("verification_id") REFERENCES "verification"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification_entry" ADD CONSTRAINT "verification_entry_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What runs have replayed already, as their environment is now.
INSERT INTO replay_check (trajectory_id, state, divergence, fingerprint)
SELECT t.id, rt.replay, rt.replay_detail, e.fingerprint
FROM run_trajectory rt
JOIN trajectory t ON t.id = rt.trajectory_id AND t.latest_run_id = rt.run_id
JOIN environment e ON e.id = t.environment_id
WHERE e.fingerprint IS NOT NULL
  AND (rt.replay = 'verified' OR (rt.replay = 'diverged' AND rt.replay_detail IS NOT NULL));
