-- Coverage: which subtasks the expert failed, and which of them are solved since. Derived, and small: a row per subtask,
-- counts per environment and task type, so that no page counts 10^6 rows.

-- What a run's row says of it: how many decisions are vetoes, the best reward of a rollout.
-- AlterTable
ALTER TABLE "run_trajectory" ADD COLUMN "vetoed" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "best_reward" DOUBLE PRECISION;
ALTER TABLE "run_trajectory" ADD CONSTRAINT "run_trajectory_vetoed_range" CHECK (vetoed >= 0);

-- CreateTable
CREATE TABLE "subtask_coverage" (
    "subtask_id" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "task_type" TEXT,
    "experts" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "solved_entries" INTEGER NOT NULL DEFAULT 0,
    "approved_entries" INTEGER NOT NULL DEFAULT 0,
    "first_run_id" INTEGER,
    "first_trajectory_id" INTEGER,
    "state" TEXT,

    CONSTRAINT "subtask_coverage_pkey" PRIMARY KEY ("subtask_id"),
    CONSTRAINT "subtask_coverage_state_known" CHECK (state IN ('remaining', 'solved', 'approved')),
    CONSTRAINT "subtask_coverage_range"
      CHECK (least(experts, failed, succeeded, solved_entries, approved_entries) >= 0 AND failed + succeeded <= experts)
);

-- CreateTable
CREATE TABLE "coverage_count" (
    "environment_id" INTEGER NOT NULL,
    "task_type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "subtasks" INTEGER NOT NULL,

    CONSTRAINT "coverage_count_pkey" PRIMARY KEY ("environment_id","task_type","state")
);

-- CreateIndex
CREATE INDEX "subtask_coverage_failed" ON "subtask_coverage"("failed", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_state_failed" ON "subtask_coverage"("state", "failed", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_state" ON "subtask_coverage"("state", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_environment" ON "subtask_coverage"("environment_id", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_environment_failed" ON "subtask_coverage"("environment_id", "failed", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_environment_state_failed" ON "subtask_coverage"("environment_id", "state", "failed", "subtask_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "subtask_coverage_first_run" ON "subtask_coverage"("first_run_id") WHERE state IS NOT NULL;

-- CreateIndex
CREATE INDEX "run_trajectory_latest_decided" ON "run_trajectory"("trajectory_id") WHERE latest AND reviewed > 0;

-- AddForeignKey
ALTER TABLE "subtask_coverage" ADD CONSTRAINT "subtask_coverage_subtask_id_fkey" FOREIGN KEY ("subtask_id") REFERENCES "subtask"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subtask_coverage" ADD CONSTRAINT "subtask_coverage_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subtask_coverage" ADD CONSTRAINT "subtask_coverage_first_run_id_fkey" FOREIGN KEY ("first_run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subtask_coverage" ADD CONSTRAINT "subtask_coverage_first_trajectory_id_fkey" FOREIGN KEY ("first_trajectory_id") REFERENCES "trajectory"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_count" ADD CONSTRAINT "coverage_count_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A subtask that some expert solved is none the expert failed, and has no state.
CREATE FUNCTION coverage_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state := CASE WHEN NEW.failed = 0 OR NEW.succeeded > 0 THEN NULL WHEN NEW.approved_entries > 0 THEN 'approved'
    WHEN NEW.solved_entries > 0 THEN 'solved' ELSE 'remaining' END;
  RETURN NEW;
END
$$;
CREATE TRIGGER "subtask_coverage_has_state" BEFORE INSERT OR UPDATE ON "subtask_coverage"
  FOR EACH ROW EXECUTE FUNCTION coverage_state();

-- The counts follow the rows, statement by statement.
CREATE FUNCTION count_coverage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO coverage_count SELECT environment_id, coalesce(task_type, ''), state, count(*) FROM written
    WHERE state IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (environment_id, task_type, state) DO UPDATE SET subtasks = coverage_count.subtasks + excluded.subtasks;
  ELSE
    INSERT INTO coverage_count SELECT environment_id, coalesce(task_type, ''), state, sum(n) FROM (
      SELECT *, 1 AS n FROM written UNION ALL SELECT *, -1 FROM replaced) change
    WHERE state IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (environment_id, task_type, state) DO UPDATE SET subtasks = coverage_count.subtasks + excluded.subtasks;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "subtask_coverage_added" AFTER INSERT ON "subtask_coverage" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION count_coverage();
CREATE TRIGGER "subtask_coverage_changed" AFTER UPDATE ON "subtask_coverage"
  REFERENCING OLD TABLE AS replaced NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_coverage();

-- Who writes coverage takes this lock, after the rows of rollouts, runs and trajectories: of two that write the same
-- subtasks and counts in other orders none waits for the other.
CREATE FUNCTION lock_coverage() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtext('coverage'))
$$;

-- Takes in trajectories that were just stored, each once; an agent's change nothing, and wait for nobody.
CREATE FUNCTION cover_trajectories(of_trajectories int[]) RETURNS void LANGUAGE sql AS $$
  SELECT lock_coverage() FROM trajectory WHERE id = ANY(of_trajectories) AND source = 'expert' LIMIT 1;
  INSERT INTO subtask_coverage (subtask_id, environment_id, task_type, experts, failed, succeeded)
  SELECT t.subtask_id, t.environment_id, s.task_type, count(*), count(*) FILTER (WHERE NOT t.success),
    count(*) FILTER (WHERE t.success)
  FROM trajectory t JOIN subtask s ON s.id = t.subtask_id
  WHERE t.id = ANY(of_trajectories) AND t.source = 'expert' GROUP BY 1, 2, 3
  ON CONFLICT (subtask_id) DO UPDATE SET experts = subtask_coverage.experts + excluded.experts,
    failed = subtask_coverage.failed + excluded.failed, succeeded = subtask_coverage.succeeded + excluded.succeeded
$$;

-- Takes the task types of an environment's subtasks as they are now.
CREATE FUNCTION cover_task_types(of_environment int) RETURNS void LANGUAGE sql AS $$
  SELECT lock_coverage();
  UPDATE subtask_coverage c SET task_type = s.task_type FROM subtask s
  WHERE s.id = c.subtask_id AND c.environment_id = of_environment AND c.task_type IS DISTINCT FROM s.task_type
$$;

-- A run's row of a failed expert trajectory became solved or approved, or is so no more. When the transaction commits, so
-- that it holds the lock for no longer than that.
CREATE FUNCTION cover_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  covered int;
  of_solved int := coalesce(NEW.solved, false)::int - coalesce(OLD.solved, false)::int;
  of_approved int := coalesce(NEW.approved, false)::int - coalesce(OLD.approved, false)::int;
BEGIN
  SELECT subtask_id INTO covered FROM trajectory
  WHERE id = coalesce(NEW.trajectory_id, OLD.trajectory_id) AND source = 'expert' AND NOT success;
  IF covered IS NULL THEN RETURN NULL; END IF;
  PERFORM lock_coverage();
  UPDATE subtask_coverage SET solved_entries = solved_entries + of_solved,
    approved_entries = approved_entries + of_approved,
    first_run_id = CASE WHEN solved_entries + of_solved = 0 THEN NULL
      WHEN solved_entries = 0 THEN NEW.run_id ELSE first_run_id END,
    first_trajectory_id = CASE WHEN solved_entries + of_solved = 0 THEN NULL
      WHEN solved_entries = 0 THEN NEW.trajectory_id ELSE first_trajectory_id END
  WHERE subtask_id = covered;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "run_trajectory_covers" AFTER UPDATE OF solved, approved ON "run_trajectory"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.solved <> NEW.solved OR OLD.approved <> NEW.approved) EXECUTE FUNCTION cover_entry();
CREATE CONSTRAINT TRIGGER "run_trajectory_covers_added" AFTER INSERT ON "run_trajectory"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.solved OR NEW.approved) EXECUTE FUNCTION cover_entry();
CREATE CONSTRAINT TRIGGER "run_trajectory_covers_removed" AFTER DELETE ON "run_trajectory"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.solved OR OLD.approved) EXECUTE FUNCTION cover_entry();

-- All coverage from the facts, as it is derived above; what a bulk load past the triggers calls.
CREATE FUNCTION rebuild_coverage() RETURNS void LANGUAGE sql AS $$
  SELECT lock_coverage();
  DELETE FROM coverage_count;
  DELETE FROM subtask_coverage;
  INSERT INTO subtask_coverage (subtask_id, environment_id, task_type, experts, failed, succeeded, solved_entries,
    approved_entries, first_run_id, first_trajectory_id)
  SELECT s.id, s.environment_id, s.task_type, own.experts, own.failed, own.succeeded, coalesce(mined.solved, 0),
    coalesce(mined.approved, 0), mined.first[1], mined.first[2]
  FROM subtask s JOIN (
    SELECT subtask_id, count(*) AS experts, count(*) FILTER (WHERE NOT success) AS failed,
      count(*) FILTER (WHERE success) AS succeeded
    FROM trajectory WHERE source = 'expert' GROUP BY 1
  ) own ON own.subtask_id = s.id
  LEFT JOIN (
    SELECT t.subtask_id, count(*) FILTER (WHERE rt.solved) AS solved, count(*) FILTER (WHERE rt.approved) AS approved,
      min(array[rt.run_id, rt.trajectory_id]) FILTER (WHERE rt.solved) AS first
    FROM run_trajectory rt JOIN trajectory t ON t.id = rt.trajectory_id
    WHERE (rt.solved OR rt.approved) AND t.source = 'expert' AND NOT t.success GROUP BY 1
  ) mined ON mined.subtask_id = s.id
$$;

-- What was decided before: as near as SQL can tell; each row is exact again once it is next written.
UPDATE run_trajectory rt SET vetoed = least(rt.reviewed, d.vetoed), approved = rt.solved AND d.approved
FROM (
  SELECT run_id, trajectory_id, count(*) FILTER (WHERE decision = 'veto') AS vetoed,
    bool_or(decision IN ('approve', 'promote')) AS approved
  FROM (
    SELECT DISTINCT ON (run_id, trajectory_id, target, target_index) run_id, trajectory_id, decision FROM review
    ORDER BY run_id, trajectory_id, target, target_index, version DESC) newest
  GROUP BY 1, 2
) d WHERE d.run_id = rt.run_id AND d.trajectory_id = rt.trajectory_id;
UPDATE run_trajectory rt SET best_reward = best.reward
FROM (SELECT run_id, trajectory_id, max(reward) AS reward FROM rollout WHERE status = 'completed' GROUP BY 1, 2) best
WHERE best.run_id = rt.run_id AND best.trajectory_id = rt.trajectory_id;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT rebuild_coverage();
