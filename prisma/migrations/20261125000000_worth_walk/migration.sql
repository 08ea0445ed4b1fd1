-- A list by worth meets its rows anywhere among all trajectories: what it is filtered by stands in the index it walks.
ALTER TABLE "run_trajectory"
  ADD COLUMN "environment_id" INTEGER,
  ADD COLUMN "reward" DOUBLE PRECISION;

-- Dropped first, so that filling the columns does not write them.
DROP INDEX "run_trajectory_run_id_worth_trajectory_id_idx";
DROP INDEX "run_trajectory_latest_worth";
UPDATE "run_trajectory" SET environment_id = t.environment_id, reward = t.reward
  FROM trajectory t WHERE t.id = "run_trajectory".trajectory_id;

-- CreateIndex
CREATE INDEX "run_trajectory_run_worth" ON "run_trajectory"("run_id", "worth", "trajectory_id", "environment_id", "reward");

-- CreateIndex
CREATE INDEX "run_trajectory_latest_worth" ON "run_trajectory"("worth", "trajectory_id", "environment_id", "reward") WHERE latest;

-- Whoever inserts a row need not know them: they are its trajectory's, which never change.
CREATE FUNCTION set_run_trajectory_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT environment_id, reward INTO NEW.environment_id, NEW.reward FROM trajectory WHERE id = NEW.trajectory_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER "run_trajectory_facts" BEFORE INSERT ON "run_trajectory"
  FOR EACH ROW EXECUTE FUNCTION set_run_trajectory_facts();
