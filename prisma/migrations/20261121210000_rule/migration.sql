-- What a run asks of evidence, beside alpha.
ALTER TABLE "run"
  ADD COLUMN "min_attempts" INTEGER NOT NULL DEFAULT 1,
  ADD CONSTRAINT "run_min_attempts_range" CHECK (min_attempts BETWEEN 1 AND 64),
  ADD CONSTRAINT "run_rule_version_known" CHECK (rule_version IN ('eef-1', 'eef-2'));
