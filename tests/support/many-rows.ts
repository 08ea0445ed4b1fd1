/** A workspace of any size, for benchmarks: SQL that makes it. */

/** Sentences of 20 words drawn by rank, the first far more often than the last, as in a language. */
const SENTENCES = 4096;
/** Trajectories that far apart say the same sentences, whose words are found once. */
const SCRIPTS = 65536;
const spoken = `create temp table sentence as select n as i, (
    select string_agg('word' || power(20000, (abs(hashint4(n * 31 + g)) % 100000) / 100000.0)::int, ' ')
    from generate_series(1, 20) g) as said
  from generate_series(0, ${SENTENCES - 1}) n`;

const sentenceOf = (script: string) => `abs(hashint8((${script})::bigint * 1000 + n)::bigint) % ${SENTENCES}`;

/**
 * Rows are made by the database itself, past the triggers and foreign keys, which they satisfy. What is not meant to hang
 * together does not: each property is drawn by a hash of its own.
 */
export function recorded(count: number, steps: number): string[] {
  return [
    "insert into person (name) values ('bench')",
    `${spoken}; create index on sentence (i); analyze sentence`,
    "insert into environment (name) select 'environment ' || i from generate_series(1, 8) i",
    `insert into subtask (environment_id, subtask_key, instruction) select 1 + abs(hashint4(i + 5)) % 8, 'task_' || i,
      'Find the ' || substr(md5(i::text), 1, 8) || ' ' || (array['shirt','lamp','chair','phone'])[1 + abs(hashint4(i)) % 4] || ' number ' || i
      from generate_series(1, ${Math.ceil(count / 2)}) i`,
    `insert into trajectory (environment_id, subtask_id, source, model, reward, success, step_count, external_id, content_hash)
      select environment_id, s.id, source, 'model ' || abs(hashint4(i + 7)) % 6,
        case when success then 1 when success = false then round((abs(hashint4(i + 1)) % 90)::numeric / 100, 2) end,
        success, ${steps}, 'episode ' || i, md5(i::text) || md5(i::text || 'x')
      from generate_series(1, ${count}) i join subtask s on s.id = 1 + i % ${Math.ceil(count / 2)},
        lateral (select case when hashint4(i + 2) % 10 in (8, 9) then 'agent' else 'expert' end as source,
          case when i % 20 = 0 then null else hashint4(i + 3) % 2 = 0 end as success) x order by i`,
    `insert into trajectory_count select environment_id, source,
      case when success then 'solved' when not success then 'failed' else 'unknown' end, count(*)
      from trajectory group by 1, 2, 3`,
    `insert into step (trajectory_id, step_index, observation, thought, action, reward)
      select t.i, n, said || ' item' || t.i || ' ' || md5(t.i::text || n), repeat(md5(n::text), 2), 'click[' || n || ']', 0
      from generate_series(1, ${count}) t(i) cross join generate_series(0, ${steps - 1}) n
        join sentence on sentence.i = ${sentenceOf(`t.i % ${SCRIPTS}`)}`,
    "drop index trajectory_text_words_idx",
    // Without the words no two trajectories share: finding them in the text again would take longer than all else.
    `create temp table script as select s as i, string_agg(said, ' ')::tsvector as words
      from generate_series(0, ${Math.min(count, SCRIPTS - 1)}) s cross join generate_series(0, ${steps - 1}) n
        join sentence on sentence.i = ${sentenceOf("s")} group by s`,
    "analyze script",
    `insert into trajectory_text select t.i, words || ('item' || t.i || case when t.i % 64 = 0 then ' #' else '' end)::tsvector
      from generate_series(1, ${count}) t(i) join script on script.i = t.i % ${SCRIPTS}`,
    "set maintenance_work_mem = '512MB'",
    "create index trajectory_text_words_idx on trajectory_text using gin (words) with (gin_pending_list_limit = 16384)",
  ];
}

/** What a run found of half the failures, and what another still has to do. */
export const mined = [
  `insert into run (name, origin, checkpoint, config, alpha, rule_version, state, person_id)
      select 'run ' || i, 'mined', 'agent', '{}', 0, 'eef-1', 'done', 1 from generate_series(1, 3) i`,
  `insert into run_trajectory (run_id, trajectory_id, state, latest, solved, beneficial, harmful, redundant, undecided,
        review, to_review, reviewed, vetoed, approved, worth, environment_id, reward)
      select run, id, 'done', run = case when id % 4 = 0 then 2 else 1 end, id % 3 = 0, abs(hashint4(id + 13)) % 12,
        greatest(0, hashint4(id + run) % 5), 5, case when id % 50 = 0 then 3 else 0 end,
        case id % 100 when 0 then 'complete' when 1 then 'partial' else 'pending' end, 2,
        case id % 100 when 0 then 2 when 1 then 1 else 0 end, (id % 400 = 0)::int, id % 300 = 0,
        (abs(hashint4(id + 17)) % 1000) / 1000.0, environment_id, reward
      from trajectory, generate_series(1, 2) run
      where source = 'expert' and not success and hashint4(id + 11) % 2 = 0 and (run = 1 or id % 4 = 0)`,
  "update trajectory t set latest_run_id = rt.run_id from run_trajectory rt where rt.trajectory_id = t.id and latest",
  `insert into rollout (run_id, trajectory_id, state_index, attempt, status, success, reward, calls_started)
      select run_id, trajectory_id, s, 0, 'completed', s % 2 = 0, s % 2, 10 from run_trajectory, generate_series(0, 5) s`,
  `insert into run_trajectory (run_id, trajectory_id, environment_id, reward)
      select 3, id, environment_id, reward from trajectory where source = 'expert' and not success`,
  `insert into rollout (run_id, trajectory_id, state_index, attempt)
      select run_id, trajectory_id, s, 0 from run_trajectory, generate_series(0, 2) s where run_id = 3`,
  `insert into strategy_disagreement (trajectory_id, run_id, pair, steps)
      select trajectory_id, run_id, pair, '{1}' from run_trajectory,
        (values ('eef-critic', 2), ('ipr-critic', 8), ('eef-ipr', 200)) drawn (pair, one_in)
      where run_id < 3 and abs(hashint4(trajectory_id + one_in)) % one_in = 0`,
  "update run set state = 'queued' where id = 3",
  // In parts, as the product counts: it goes through the trajectories it is given for every rollout.
  `select count(recount_rollouts(run_id, ids)) from (
    select run_id, array_agg(trajectory_id) as ids from run_trajectory group by run_id, trajectory_id / 500) part`,
  "set session_replication_role = origin",
  "update subtask set task_type = 'type ' || id % 7 where environment_id < 5",
  "select rebuild_coverage()",
];
