-- The most frequent write there is: a step under its rollout's fence, and with `calls` the intent of the next call. The
-- rollout is found by its key alone, so that one plan is right whatever the tables hold and is made once per connection.
-- Gives whether it was stored.
CREATE FUNCTION record_step(
  of_rollout int, by_epoch int, index int, calls int, prompt int, completion int,
  observation text, thought text, action text, reward float8, messages json
) RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  own record;
BEGIN
  SELECT status, epoch, step_count INTO own FROM rollout WHERE id = of_rollout FOR NO KEY UPDATE;
  IF own.status IS DISTINCT FROM 'running' OR own.epoch <> by_epoch OR own.step_count <> index THEN
    RETURN false;
  END IF;
  UPDATE rollout SET step_count = step_count + 1, calls_started = calls_started + calls,
    calls_reserved = greatest(calls_reserved - calls, 0), prompt_tokens = prompt_tokens + prompt,
    completion_tokens = completion_tokens + completion
  WHERE id = of_rollout;
  INSERT INTO rollout_step (rollout_id, step_index, epoch, observation, thought, action, reward, messages)
  VALUES (of_rollout, index, by_epoch, observation, thought, action, reward, messages);
  RETURN true;
END
$$;
