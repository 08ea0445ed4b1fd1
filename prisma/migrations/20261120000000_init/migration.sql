-- CreateTable
CREATE TABLE "person" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "driver" TEXT,
    "config" JSONB NOT NULL DEFAULT '{}',
    "fingerprint" TEXT,
    "success_threshold" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trajectory_count" (
    "environment_id" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "trajectories" INTEGER NOT NULL,

    CONSTRAINT "trajectory_count_pkey" PRIMARY KEY ("environment_id","source","outcome")
);

-- CreateTable
CREATE TABLE "subtask" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "subtask_key" TEXT NOT NULL,
    "instruction" TEXT NOT NULL,
    "best_reward" DOUBLE PRECISION,

    CONSTRAINT "subtask_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trajectory" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "subtask_id" INTEGER NOT NULL,
    "instruction" TEXT,
    "source" TEXT NOT NULL,
    "model" TEXT,
    "reward" DOUBLE PRECISION,
    "success" BOOLEAN,
    "opening" JSON NOT NULL DEFAULT '[]',
    "tools" JSON,
    "step_count" INTEGER NOT NULL,
    "final_observation" TEXT,
    "external_id" TEXT,
    "content_hash" TEXT NOT NULL,
    "import_id" INTEGER,
    "latest_run_id" INTEGER,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trajectory_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step" (
    "trajectory_id" INTEGER NOT NULL,
    "step_index" INTEGER NOT NULL,
    "observation" TEXT NOT NULL,
    "thought" TEXT,
    "action" TEXT NOT NULL,
    "reward" DOUBLE PRECISION,
    "messages" JSON,

    CONSTRAINT "step_pkey" PRIMARY KEY ("trajectory_id","step_index")
);

-- CreateTable
CREATE TABLE "policy" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "config" JSONB NOT NULL DEFAULT '{}',
    "secret" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "policy_id" INTEGER,
    "checkpoint" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "rule_version" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "error" TEXT,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_trajectory" (
    "run_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "replay" TEXT NOT NULL DEFAULT 'unchecked',
    "replay_detail" JSONB,
    "error_code" TEXT,
    "error_message" TEXT,
    "beneficial" INTEGER NOT NULL DEFAULT 0,
    "harmful" INTEGER NOT NULL DEFAULT 0,
    "redundant" INTEGER NOT NULL DEFAULT 0,
    "dead_end" INTEGER NOT NULL DEFAULT 0,
    "undecided" INTEGER NOT NULL DEFAULT 0,
    "to_review" INTEGER NOT NULL DEFAULT 0,
    "reviewed" INTEGER NOT NULL DEFAULT 0,
    "review" TEXT NOT NULL DEFAULT 'none',
    "solved" BOOLEAN NOT NULL DEFAULT false,
    "latest" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "run_trajectory_pkey" PRIMARY KEY ("run_id","trajectory_id")
);

-- CreateTable
CREATE TABLE "rollout" (
    "id" SERIAL NOT NULL,
    "run_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "state_index" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "owner" TEXT,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "calls_started" INTEGER NOT NULL DEFAULT 0,
    "reward" DOUBLE PRECISION,
    "success" BOOLEAN,
    "step_count" INTEGER NOT NULL DEFAULT 0,
    "final_observation" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "error_detail" JSONB,
    "prompt_version" TEXT,
    "prompt_tokens" INTEGER NOT NULL DEFAULT 0,
    "completion_tokens" INTEGER NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_step" (
    "rollout_id" INTEGER NOT NULL,
    "step_index" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "observation" TEXT NOT NULL,
    "thought" TEXT,
    "action" TEXT NOT NULL,
    "reward" DOUBLE PRECISION,
    "messages" JSON,

    CONSTRAINT "rollout_step_pkey" PRIMARY KEY ("rollout_id","step_index")
);

-- CreateTable
CREATE TABLE "review" (
    "id" SERIAL NOT NULL,
    "run_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "target_index" INTEGER NOT NULL,
    "decision" TEXT NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "verdict_seen" TEXT,
    "version" INTEGER NOT NULL,
    "client_id" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "review_policy" TEXT NOT NULL,
    "selection" JSONB NOT NULL,
    "card" JSONB NOT NULL,
    "example_count" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_example" (
    "dataset_id" INTEGER NOT NULL,
    "example_index" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "example" TEXT NOT NULL,

    CONSTRAINT "dataset_example_pkey" PRIMARY KEY ("dataset_id","example_index")
);

-- CreateTable
CREATE TABLE "import" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "format" TEXT,
    "defaults" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'storing',
    "records" INTEGER NOT NULL DEFAULT 0,
    "stored" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "run_id" INTEGER,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_rejection" (
    "id" SERIAL NOT NULL,
    "import_id" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "byte_offset" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "sample" TEXT NOT NULL,

    CONSTRAINT "import_rejection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_name_key" ON "person"("name");

-- CreateIndex
CREATE UNIQUE INDEX "environment_name_key" ON "environment"("name");

-- CreateIndex
CREATE UNIQUE INDEX "subtask_environment_id_subtask_key_key" ON "subtask"("environment_id", "subtask_key");

-- CreateIndex
CREATE UNIQUE INDEX "trajectory_content_hash_key" ON "trajectory"("content_hash");

-- CreateIndex
CREATE INDEX "trajectory_source_success_id_idx" ON "trajectory"("source", "success", "id");

-- CreateIndex
CREATE INDEX "trajectory_source_success_reward_id_idx" ON "trajectory"("source", "success", "reward", "id");

-- CreateIndex
CREATE INDEX "trajectory_source_success_step_count_id_idx" ON "trajectory"("source", "success", "step_count", "id");

-- CreateIndex
CREATE INDEX "trajectory_environment_id_source_success_id_idx" ON "trajectory"("environment_id", "source", "success", "id");

-- CreateIndex
CREATE INDEX "trajectory_environment_id_source_success_reward_id_idx" ON "trajectory"("environment_id", "source", "success", "reward", "id");

-- CreateIndex
CREATE INDEX "trajectory_environment_id_source_success_step_count_id_idx" ON "trajectory"("environment_id", "source", "success", "step_count", "id");

-- CreateIndex
CREATE INDEX "trajectory_unmined" ON "trajectory"("source", "success", "id") WHERE latest_run_id IS NULL;

-- CreateIndex
CREATE INDEX "trajectory_mined_environment" ON "trajectory"("environment_id", "source", "success", "id") WHERE latest_run_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "trajectory_mined_model" ON "trajectory"("model", "source", "success", "id") WHERE latest_run_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "trajectory_model_id_idx" ON "trajectory"("model", "id");

-- CreateIndex
CREATE INDEX "trajectory_subtask_id_id_idx" ON "trajectory"("subtask_id", "id");

-- CreateIndex
CREATE INDEX "trajectory_external_id_idx" ON "trajectory"("external_id");

-- CreateIndex
CREATE INDEX "trajectory_import_id_idx" ON "trajectory"("import_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_name_key" ON "policy"("name");

-- CreateIndex
CREATE INDEX "run_state_idx" ON "run"("state");

-- CreateIndex
CREATE INDEX "run_trajectory_trajectory_id_run_id_idx" ON "run_trajectory"("trajectory_id", "run_id");

-- CreateIndex
CREATE INDEX "run_trajectory_open" ON "run_trajectory"("run_id", "trajectory_id") WHERE state IN ('queued', 'running');

-- CreateIndex
CREATE INDEX "run_trajectory_run_id_review_trajectory_id_idx" ON "run_trajectory"("run_id", "review", "trajectory_id");

-- CreateIndex
CREATE INDEX "run_trajectory_run_id_beneficial_trajectory_id_idx" ON "run_trajectory"("run_id", "beneficial", "trajectory_id");

-- CreateIndex
CREATE INDEX "run_trajectory_run_id_harmful_trajectory_id_idx" ON "run_trajectory"("run_id", "harmful", "trajectory_id");

-- CreateIndex
CREATE INDEX "run_trajectory_run_id_undecided_trajectory_id_idx" ON "run_trajectory"("run_id", "undecided", "trajectory_id");

-- CreateIndex
CREATE INDEX "run_trajectory_latest" ON "run_trajectory"("trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "run_trajectory_latest_review" ON "run_trajectory"("review", "trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "run_trajectory_latest_beneficial" ON "run_trajectory"("beneficial", "trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "run_trajectory_latest_harmful" ON "run_trajectory"("harmful", "trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "run_trajectory_latest_undecided" ON "run_trajectory"("undecided", "trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "rollout_queued" ON "rollout"("run_id", "trajectory_id", "state_index", "attempt") WHERE status = 'queued';

-- CreateIndex
CREATE INDEX "rollout_lease" ON "rollout"("lease_until") WHERE status = 'running';

-- CreateIndex
CREATE UNIQUE INDEX "rollout_run_id_trajectory_id_state_index_attempt_key" ON "rollout"("run_id", "trajectory_id", "state_index", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "review_client_id_key" ON "review"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "review_run_id_trajectory_id_target_target_index_version_key" ON "review"("run_id", "trajectory_id", "target", "target_index", "version");

-- CreateIndex
CREATE INDEX "dataset_example_trajectory_id_idx" ON "dataset_example"("trajectory_id");

-- CreateIndex
CREATE INDEX "import_rejection_import_id_id_idx" ON "import_rejection"("import_id", "id");

-- AddForeignKey
ALTER TABLE "trajectory_count" ADD CONSTRAINT "trajectory_count_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subtask" ADD CONSTRAINT "subtask_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trajectory" ADD CONSTRAINT "trajectory_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trajectory" ADD CONSTRAINT "trajectory_subtask_id_fkey" FOREIGN KEY ("subtask_id") REFERENCES "subtask"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trajectory" ADD CONSTRAINT "trajectory_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trajectory" ADD CONSTRAINT "trajectory_latest_run_id_fkey" FOREIGN KEY ("latest_run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step" ADD CONSTRAINT "step_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_trajectory" ADD CONSTRAINT "run_trajectory_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_trajectory" ADD CONSTRAINT "run_trajectory_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_run_id_trajectory_id_fkey" FOREIGN KEY ("run_id", "trajectory_id") REFERENCES "run_trajectory"("run_id", "trajectory_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout_step" ADD CONSTRAINT "rollout_step_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_run_id_trajectory_id_fkey" FOREIGN KEY ("run_id", "trajectory_id") REFERENCES "run_trajectory"("run_id", "trajectory_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_example" ADD CONSTRAINT "dataset_example_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- AddForeignKey
ALTER TABLE "dataset_example" ADD CONSTRAINT "dataset_example_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_rejection" ADD CONSTRAINT "import_rejection_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on by hand: what schema.prisma cannot say. So are the WHERE of the partial indexes and the deferred foreign
-- key of dataset_example above.

-- Trigram indexes make the text filter of the trajectory list fast. A server without the extension filters by scanning.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "subtask_instruction_text" ON "subtask" USING GIN ("instruction" gin_trgm_ops);
  CREATE INDEX "subtask_key_text" ON "subtask" USING GIN ("subtask_key" gin_trgm_ops);
  CREATE INDEX "trajectory_instruction_text" ON "trajectory" USING GIN ("instruction" gin_trgm_ops) WHERE instruction IS NOT NULL;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE NOTICE 'pg_trgm is not available: text filters scan';
END
$$;

-- Closed sets; tests/integration/store-schema.test.ts compares them with the arrays of lib/core.
ALTER TABLE "trajectory"
  ADD CONSTRAINT "trajectory_source_known" CHECK (source IN ('expert', 'agent')),
  ADD CONSTRAINT "trajectory_reward_range" CHECK (reward BETWEEN 0 AND 1),
  ADD CONSTRAINT "trajectory_has_steps" CHECK (step_count >= 1),
  ADD CONSTRAINT "trajectory_hash_form" CHECK (content_hash ~ '^[0-9a-f]{64}$');
ALTER TABLE "trajectory_count"
  ADD CONSTRAINT "trajectory_count_outcome_known" CHECK (outcome IN ('solved', 'failed', 'unknown')),
  ADD CONSTRAINT "trajectory_count_range" CHECK (trajectories >= 0);
ALTER TABLE "step" ADD CONSTRAINT "step_index_range" CHECK (step_index >= 0);
ALTER TABLE "run"
  ADD CONSTRAINT "run_origin_known" CHECK (origin IN ('mined', 'imported')),
  ADD CONSTRAINT "run_state_known" CHECK (state IN ('queued', 'running', 'cancelling', 'cancelled', 'done', 'failed')),
  ADD CONSTRAINT "run_alpha_range" CHECK (alpha BETWEEN 0 AND 1);
ALTER TABLE "run_trajectory"
  ADD CONSTRAINT "run_trajectory_state_known" CHECK (state IN ('queued', 'running', 'done', 'errored', 'cancelled')),
  ADD CONSTRAINT "run_trajectory_replay_known"
    CHECK (replay IN ('unchecked', 'verified', 'diverged', 'not_replayable')),
  ADD CONSTRAINT "run_trajectory_review_known" CHECK (review IN ('none', 'pending', 'partial', 'complete')),
  ADD CONSTRAINT "run_trajectory_counts"
    CHECK (least(beneficial, harmful, redundant, dead_end, undecided, to_review, reviewed) >= 0);
ALTER TABLE "rollout"
  ADD CONSTRAINT "rollout_status_known" CHECK (status IN ('queued', 'running', 'completed', 'errored', 'cancelled')),
  ADD CONSTRAINT "rollout_key_range" CHECK (state_index >= 0 AND attempt >= 0),
  ADD CONSTRAINT "rollout_owned_while_running"
    CHECK ((status = 'running') = (owner IS NOT NULL) AND (status = 'running') = (lease_until IS NOT NULL)),
  ADD CONSTRAINT "rollout_completed_has_outcome" CHECK ((status = 'completed') = (success IS NOT NULL)),
  ADD CONSTRAINT "rollout_errored_has_code" CHECK ((status = 'errored') = (error_code IS NOT NULL)),
  ADD CONSTRAINT "rollout_reward_range" CHECK (reward BETWEEN 0 AND 1);
ALTER TABLE "rollout_step" ADD CONSTRAINT "rollout_step_index_range" CHECK (step_index >= 0);
ALTER TABLE "review"
  ADD CONSTRAINT "review_target_known" CHECK (target IN ('step', 'solution')),
  ADD CONSTRAINT "review_decision_known" CHECK (decision IN ('approve', 'veto', 'promote', 'withdraw')),
  ADD CONSTRAINT "review_version_range" CHECK (version >= 1 AND target_index >= 0);
ALTER TABLE "dataset"
  ADD CONSTRAINT "dataset_review_policy_known" CHECK (review_policy IN ('approved', 'not_vetoed')),
  ADD CONSTRAINT "dataset_example_count_range" CHECK (example_count >= 0);
ALTER TABLE "dataset_example"
  ADD CONSTRAINT "dataset_example_kind_known" CHECK (kind IN ('bc', 'rft', 'eef', 'promoted'));
ALTER TABLE "import"
  ADD CONSTRAINT "import_kind_known" CHECK (kind IN ('trajectories', 'evidence')),
  ADD CONSTRAINT "import_state_known" CHECK (state IN ('storing', 'stored', 'failed'));

-- Facts are appended: a change of one is refused whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are facts: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "step_is_fact" BEFORE UPDATE OR DELETE ON "step"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "review_is_fact" BEFORE UPDATE OR DELETE ON "review"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "dataset_is_fact" BEFORE UPDATE OR DELETE ON "dataset"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "dataset_example_is_fact" BEFORE UPDATE OR DELETE ON "dataset_example"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- A trajectory without an instruction of its own has its subtask's.
CREATE TRIGGER "subtask_is_fact" BEFORE DELETE OR UPDATE OF id, environment_id, subtask_key, instruction ON "subtask"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Every column but latest_run_id, which is derived.
CREATE TRIGGER "trajectory_is_fact" BEFORE DELETE OR UPDATE OF id, environment_id, subtask_id, instruction, source, model,
  reward, success, opening, tools, step_count, final_observation, external_id, content_hash, import_id, created_at
  ON "trajectory" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A dataset's own row is written last: from then on no example joins it.
CREATE FUNCTION refuse_late_example() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added JOIN dataset ON dataset.id = added.dataset_id) THEN
    RAISE EXCEPTION 'the dataset is frozen' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "dataset_is_frozen" AFTER INSERT ON "dataset_example" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_example();
