-- The words said in the steps of a trajectory, each once: what its text is searched by. `#` marks one trajectory of 64:
-- how many hold a word is told from those, before all that hold it are fetched.
-- CreateTable
CREATE TABLE "trajectory_text" (
    "trajectory_id" INTEGER NOT NULL,
    "words" TSVECTOR NOT NULL,

    CONSTRAINT "trajectory_text_pkey" PRIMARY KEY ("trajectory_id")
);

-- AddForeignKey
ALTER TABLE "trajectory_text" ADD CONSTRAINT "trajectory_text_trajectory_id_fkey" FOREIGN KEY ("trajectory_id") REFERENCES "trajectory"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The words of a text as lib/core/words.ts finds them: runs of letters and digits, in lower case, 64 characters at most.
CREATE FUNCTION said_words(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array(SELECT DISTINCT left(word, 64) FROM regexp_split_to_table(lower($1), '[^[:alnum:]]+') word WHERE word <> '')
$$;

-- The words of trajectories stored before this, or whose words were lost.
CREATE FUNCTION fill_trajectory_text() RETURNS bigint LANGUAGE sql AS $$
  WITH filled AS (
    INSERT INTO trajectory_text (trajectory_id, words)
    SELECT t.id, array_to_tsvector(said_words(said.text) || CASE WHEN t.id % 64 = 0 THEN '{#}'::text[] ELSE '{}' END)
    FROM trajectory t CROSS JOIN LATERAL (
      SELECT left(string_agg(left(action, 2000) || ' ' || left(coalesce(thought, ''), 4000) || ' '
        || left(observation, 4000), ' ' ORDER BY step_index), 200000) AS text
      FROM step WHERE trajectory_id = t.id AND step_index < 2000
    ) said
    WHERE NOT EXISTS (SELECT FROM trajectory_text WHERE trajectory_id = t.id)
    RETURNING 1)
  SELECT count(*) FROM filled
$$;

SELECT fill_trajectory_text();

-- New rows wait in a list that is put into the index at once: at 4 MB, the default, an import spends most of its time there.
-- CreateIndex
CREATE INDEX "trajectory_text_words_idx" ON "trajectory_text" USING GIN ("words") WITH (gin_pending_list_limit = 16384);

-- The trajectories that say what a query asks for, by the index of words whatever the planner expects: reading the words
-- of all trajectories instead, which look short as they are stored elsewhere, takes seconds.
CREATE FUNCTION trajectories_saying(tsquery) RETURNS int[] LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT array(SELECT trajectory_id FROM trajectory_text WHERE words @@ $1)
$$;

-- Where a person's minute matters most (lib/core/worth.ts), and whether people approved a solution of the trajectory.
ALTER TABLE "run_trajectory"
  ADD COLUMN "worth" DOUBLE PRECISION NOT NULL DEFAULT 0,
  ADD COLUMN "approved" BOOLEAN NOT NULL DEFAULT false,
  ADD CONSTRAINT "run_trajectory_worth_range" CHECK (worth BETWEEN 0 AND 1);

-- What was mined before is weighed where strategies are compared: the workers' sweep catches up on it.
UPDATE "run_trajectory" SET compared = false WHERE compared;

-- CreateIndex
CREATE INDEX "run_trajectory_run_id_worth_trajectory_id_idx" ON "run_trajectory"("run_id", "worth", "trajectory_id");

-- CreateIndex
CREATE INDEX "run_trajectory_latest_worth" ON "run_trajectory"("worth", "trajectory_id") WHERE latest;

-- CreateIndex
CREATE INDEX "run_trajectory_approved" ON "run_trajectory"("trajectory_id") WHERE approved;
