-- Who fine-tunes, what was handed to them, and what they said of it. `secret` is ciphertext (lib/config/secret.ts).
-- CreateTable
CREATE TABLE "training_provider" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "config" JSONB NOT NULL DEFAULT '{}',
    "secret" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "training_provider_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "training_provider_name_given" CHECK (name <> ''),
    CONSTRAINT "training_provider_kind_known" CHECK (kind IN ('openai', 'command'))
);

-- Every write of a worker carries the epoch it claimed. `attempting`: what was about to be asked of the provider and must
-- not be asked twice.
-- CreateTable
CREATE TABLE "training" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL DEFAULT gen_random_uuid()::text,
    "dataset_id" INTEGER NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "phase" TEXT,
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "attempting" TEXT,
    "train_file" TEXT,
    "validation_file" TEXT,
    "remote_id" TEXT,
    "event_cursor" TEXT,
    "total_steps" INTEGER,
    "checkpoint" TEXT,
    "policy_id" INTEGER,
    "error_code" TEXT,
    "error_message" TEXT,
    "log_tail" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ,
    "look_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "training_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "training_state_known" CHECK (state IN ('queued', 'uploading', 'running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT "training_attempting_known" CHECK (attempting IN ('train-file', 'validation-file', 'job')),
    CONSTRAINT "training_lease" CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT "training_held_while_open" CHECK (owner IS NULL OR state IN ('uploading', 'running')),
    CONSTRAINT "training_runs_somewhere" CHECK (state NOT IN ('running', 'succeeded') OR remote_id IS NOT NULL),
    CONSTRAINT "training_uploaded_first" CHECK (remote_id IS NULL OR train_file IS NOT NULL),
    CONSTRAINT "training_error" CHECK ((state = 'failed') = (error_code IS NOT NULL)),
    CONSTRAINT "training_finished" CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT "training_policy" CHECK (policy_id IS NULL OR (state = 'succeeded' AND checkpoint IS NOT NULL)),
    CONSTRAINT "training_log_tail_length" CHECK (length(log_tail) <= 16000)
);

-- `event_key`: what the provider calls it; the same event told twice is stored once.
-- CreateTable
CREATE TABLE "training_event" (
    "id" SERIAL NOT NULL,
    "training_id" INTEGER NOT NULL,
    "event_key" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "step" INTEGER,
    "loss" DOUBLE PRECISION,
    "valid_loss" DOUBLE PRECISION,

    CONSTRAINT "training_event_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "training_event_level_known" CHECK (level IN ('info', 'warn', 'error')),
    CONSTRAINT "training_event_message_length" CHECK (length(message) <= 2000),
    CONSTRAINT "training_event_loss_has_step" CHECK (step IS NOT NULL OR (loss IS NULL AND valid_loss IS NULL)),
    CONSTRAINT "training_event_step_range" CHECK (step >= 0)
);

CREATE TRIGGER "training_event_is_fact" BEFORE UPDATE OR DELETE ON "training_event"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- CreateIndex
CREATE UNIQUE INDEX "training_provider_name_key" ON "training_provider"("name");

-- CreateIndex
CREATE UNIQUE INDEX "training_key_key" ON "training"("key");

-- CreateIndex
CREATE INDEX "training_dataset_id_id_idx" ON "training"("dataset_id", "id");

-- CreateIndex
CREATE INDEX "training_provider_id_idx" ON "training"("provider_id");

-- CreateIndex
CREATE INDEX "training_policy_id_idx" ON "training"("policy_id");

-- CreateIndex
CREATE INDEX "training_open" ON "training"("look_at") WHERE state IN ('queued', 'uploading', 'running');

-- CreateIndex
CREATE UNIQUE INDEX "training_event_training_id_event_key_key" ON "training_event"("training_id", "event_key");

-- CreateIndex
CREATE INDEX "training_event_training_id_id_idx" ON "training_event"("training_id", "id");

-- CreateIndex
CREATE INDEX "training_event_losses" ON "training_event"("training_id", "step") WHERE step IS NOT NULL;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "training_provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training" ADD CONSTRAINT "training_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_event" ADD CONSTRAINT "training_event_training_id_fkey" FOREIGN KEY ("training_id") REFERENCES "training"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
