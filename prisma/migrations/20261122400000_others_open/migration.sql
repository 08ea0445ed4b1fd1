-- Whether a rollout of a trajectory would not be the last one to end. Its entry is locked first and only then looked at
-- (a volatile function reads anew with each statement): of two that end at once, one sees that it is the last.
CREATE FUNCTION others_open(of_run int, of_trajectory int, but int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM FROM run_trajectory WHERE run_id = of_run AND trajectory_id = of_trajectory FOR NO KEY UPDATE;
  RETURN EXISTS (
    SELECT FROM rollout WHERE run_id = of_run AND trajectory_id = of_trajectory AND id <> but
      AND status IN ('queued', 'running')
  );
END
$$;
