-- What a run asks of evidence, beside alpha.
ALTER TABLE "run"
  ADD COLUMN "min_attempts" INTEGER NOT NULL DEFAULT 1,
  ADD CONSTRAINT "run_min_attempts_range" CHECK (min_attempts BETWEEN 1 AND 64),
  ADD CONSTRAINT "run_rule_version_known" CHECK (rule_version IN ('eef-1', 'eef-2'));

-- Paused: nothing is claimed, everything found stays, and it goes on where it was.
ALTER TABLE "run"
  DROP CONSTRAINT "run_state_known",
  ADD CONSTRAINT "run_state_known"
    CHECK (state IN ('queued', 'running', 'paused', 'cancelling', 'cancelled', 'done', 'failed'));

-- Who ended a rollout: `owner` is only held while it runs.
ALTER TABLE "rollout" ADD COLUMN "ended_by" TEXT;
CREATE INDEX "rollout_finished" ON "rollout"("run_id", "finished_at") WHERE finished_at IS NOT NULL;
