-- What a critic (a model that reads a recording once) says of a trajectory. An opinion: no verdict, review or dataset
-- reads it.
-- CreateTable
CREATE TABLE "critique" (
    "id" SERIAL NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "policy_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "owner" TEXT,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ,
    "checkpoint" TEXT,
    "prompt_version" TEXT,
    "steps" JSONB,
    "prompt_tokens" INTEGER NOT NULL DEFAULT 0,
    "completion_tokens" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "error_message" TEXT,
    "asked_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "critique_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "critique_status_known" CHECK (status IN ('queued', 'running', 'completed', 'errored', 'cancelled')),
    CONSTRAINT "critique_lease" CHECK ((status = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
    CONSTRAINT "critique_steps" CHECK ((status = 'completed') = (steps IS NOT NULL)),
    CONSTRAINT "critique_answered" CHECK (status <> 'completed' OR (checkpoint IS NOT NULL AND prompt_version IS NOT NULL)),
    CONSTRAINT "critique_error" CHECK ((status = 'errored') = (error_code IS NOT NULL))
);

-- Derived: on which actions two strategies disagree, as a run judges the trajectory (run_id), or without any run.
-- CreateTable
CREATE TABLE "strategy_disagreement" (
    "id" SERIAL NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "run_id" INTEGER,
    "pair" TEXT NOT NULL,
    "steps" INTEGER[] NOT NULL,

    CONSTRAINT "strategy_disagreement_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "strategy_disagreement_pair_known" CHECK (pair IN ('eef-ipr', 'eef-critic', 'bc-ipr', 'bc-critic', 'ipr-critic')),
    CONSTRAINT "strategy_disagreement_some" CHECK (cardinality(steps) > 0)
);

-- Whether the disagreements of a finished trajectory in a run are those of its evidence. False for all that were mined
-- before strategies were compared: the workers' sweep catches up on them.
ALTER TABLE "run_trajectory" ADD COLUMN "compared" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "run_trajectory_uncompared" ON "run_trajectory"("run_id", "trajectory_id") WHERE NOT compared AND state IN ('done', 'errored');

-- CreateIndex
CREATE INDEX "critique_trajectory_id_id_idx" ON "critique"("trajectory_id", "id");

-- CreateIndex
CREATE INDEX "critique_open" ON "critique"("id") WHERE status IN ('queued', 'running');

-- CreateIndex
CREATE UNIQUE INDEX "strategy_disagreement_trajectory_id_run_id_pair_key" ON "strategy_disagreement"("trajectory_id", "run_id", "pair");

-- CreateIndex
CREATE INDEX "strategy_disagreement_pair_trajectory_id_idx" ON "strategy_disagreement"("pair", "trajectory_id");

-- CreateIndex
CREATE INDEX "strategy_disagreement_run_id_pair_trajectory_id_idx" ON "strategy_disagreement"("run_id", "pair", "trajectory_id");

-- AddForeignKey
ALTER TABLE "critique" ADD CONSTRAINT "critique_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critique" ADD CONSTRAINT "critique_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critique" ADD CONSTRAINT "critique_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategy_disagreement" ADD CONSTRAINT "strategy_disagreement_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategy_disagreement" ADD CONSTRAINT "strategy_disagreement_run_id_trajectory_id_fkey" FOREIGN KEY ("run_id", "trajectory_id") REFERENCES "run_trajectory"("run_id", "trajectory_id") ON DELETE RESTRICT ON UPDATE CASCADE;
