-- Whether the run that disagrees is the newest is told by the index: few disagreements lie anywhere in the table.
DROP INDEX "strategy_disagreement_pair_trajectory_id_idx";
CREATE INDEX "strategy_disagreement_pair_trajectory_id_run_id_idx" ON "strategy_disagreement" ("pair", "trajectory_id", "run_id");
