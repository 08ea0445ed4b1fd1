-- Sums over a run's rollouts, so that neither a claim under a budget nor a page adds up 10^6 rows. A trajectory's row is
-- what its rollouts came to when it was last counted, which is exact while it is not being worked on; the run's row is the
-- sum of its trajectories'.
CREATE TABLE "run_total" (
    "run_id" INTEGER NOT NULL,
    "queued" BIGINT NOT NULL DEFAULT 0,
    "completed" BIGINT NOT NULL DEFAULT 0,
    "errored" BIGINT NOT NULL DEFAULT 0,
    "cancelled" BIGINT NOT NULL DEFAULT 0,
    "succeeded" BIGINT NOT NULL DEFAULT 0,
    "calls" BIGINT NOT NULL DEFAULT 0,
    "prompt_tokens" BIGINT NOT NULL DEFAULT 0,
    "completion_tokens" BIGINT NOT NULL DEFAULT 0,
    "largest_tokens" INTEGER,

    CONSTRAINT "run_total_pkey" PRIMARY KEY ("run_id")
);

CREATE TABLE "run_trajectory_total" (
    "run_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "queued" BIGINT NOT NULL DEFAULT 0,
    "completed" BIGINT NOT NULL DEFAULT 0,
    "errored" BIGINT NOT NULL DEFAULT 0,
    "cancelled" BIGINT NOT NULL DEFAULT 0,
    "succeeded" BIGINT NOT NULL DEFAULT 0,
    "calls" BIGINT NOT NULL DEFAULT 0,
    "prompt_tokens" BIGINT NOT NULL DEFAULT 0,
    "completion_tokens" BIGINT NOT NULL DEFAULT 0,
    "largest_tokens" INTEGER,

    CONSTRAINT "run_trajectory_total_pkey" PRIMARY KEY ("run_id", "trajectory_id")
);

ALTER TABLE "run_total" ADD CONSTRAINT "run_total_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "run_trajectory_total" ADD CONSTRAINT "run_trajectory_total_run_id_trajectory_id_fkey" FOREIGN KEY ("run_id", "trajectory_id") REFERENCES "run_trajectory"("run_id", "trajectory_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The trajectories that are being worked on: the rollouts of these are added up when asked.
CREATE INDEX "run_trajectory_running" ON "run_trajectory"("run_id", "trajectory_id") WHERE state = 'running';

-- Counts the rollouts of trajectories anew. Who calls it holds their run_trajectory rows.
CREATE FUNCTION recount_rollouts(of_run int, of_trajectories int[]) RETURNS void LANGUAGE sql AS $$
  WITH fresh AS (
    SELECT trajectory_id, count(*) FILTER (WHERE status = 'queued') AS queued,
      count(*) FILTER (WHERE status = 'completed') AS completed, count(*) FILTER (WHERE status = 'errored') AS errored,
      count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE success) AS succeeded,
      sum(calls_started) AS calls, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
      max(prompt_tokens + completion_tokens) FILTER (WHERE status IN ('completed', 'errored')) AS largest_tokens
    FROM rollout WHERE run_id = of_run AND trajectory_id = ANY(of_trajectories) GROUP BY trajectory_id
  ), stale AS (
    SELECT * FROM run_trajectory_total WHERE run_id = of_run AND trajectory_id = ANY(of_trajectories)
  ), counted AS (
    INSERT INTO run_trajectory_total SELECT of_run, * FROM fresh
    ON CONFLICT (run_id, trajectory_id) DO UPDATE SET queued = excluded.queued, completed = excluded.completed,
      errored = excluded.errored, cancelled = excluded.cancelled, succeeded = excluded.succeeded,
      calls = excluded.calls, prompt_tokens = excluded.prompt_tokens,
      completion_tokens = excluded.completion_tokens, largest_tokens = excluded.largest_tokens
  )
  INSERT INTO run_total
  SELECT of_run, sum(f.queued - coalesce(s.queued, 0)), sum(f.completed - coalesce(s.completed, 0)),
    sum(f.errored - coalesce(s.errored, 0)), sum(f.cancelled - coalesce(s.cancelled, 0)),
    sum(f.succeeded - coalesce(s.succeeded, 0)), sum(f.calls - coalesce(s.calls, 0)),
    sum(f.prompt_tokens - coalesce(s.prompt_tokens, 0)),
    sum(f.completion_tokens - coalesce(s.completion_tokens, 0)), max(f.largest_tokens)
  FROM fresh f LEFT JOIN stale s USING (trajectory_id) HAVING count(*) > 0
  ON CONFLICT (run_id) DO UPDATE SET queued = run_total.queued + excluded.queued,
    completed = run_total.completed + excluded.completed, errored = run_total.errored + excluded.errored,
    cancelled = run_total.cancelled + excluded.cancelled, succeeded = run_total.succeeded + excluded.succeeded,
    calls = run_total.calls + excluded.calls, prompt_tokens = run_total.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = run_total.completion_tokens + excluded.completion_tokens,
    largest_tokens = greatest(run_total.largest_tokens, excluded.largest_tokens)
$$;

SELECT recount_rollouts(run_id, array_agg(trajectory_id)) FROM run_trajectory GROUP BY run_id;
