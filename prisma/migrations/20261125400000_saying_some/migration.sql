-- Up to so many: whether a word is frequent is told by few of the trajectories that say it, and fetching each takes its time.
DROP FUNCTION trajectories_saying(tsquery);
CREATE FUNCTION trajectories_saying(tsquery, most int) RETURNS int[] LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT array(SELECT trajectory_id FROM trajectory_text WHERE words @@ $1 LIMIT most)
$$;
