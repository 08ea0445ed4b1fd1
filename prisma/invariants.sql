-- What must hold of every database at any moment, whatever was killed: each query answers the rows that break its rule.
-- Run by `npm run doctor` and after every crash test. Source: reliability.md, section 6.

-- rollout-identity: a planned rollout is there once
select run_id, trajectory_id, state_index, attempt, count(*) as times
from rollout group by 1, 2, 3, 4 having count(*) > 1;

-- rollout-steps: the steps of a rollout are 0..n-1 without gaps, none from an epoch to come
select r.id as rollout_id, r.step_count, count(s.rollout_id) as steps, max(s.step_index) as last, max(s.epoch) as epoch
from rollout r left join rollout_step s on s.rollout_id = r.id
group by r.id
having count(s.rollout_id) <> r.step_count or coalesce(max(s.step_index), -1) <> r.step_count - 1
  or max(s.epoch) > r.epoch;

-- trajectory-steps: the steps of a trajectory are 0..n-1 without gaps
select t.id as trajectory_id, t.step_count, s.steps, s.last
from trajectory t left join (
  select trajectory_id, count(*) as steps, max(step_index) as last from step group by 1
) s on s.trajectory_id = t.id
where s.steps is distinct from t.step_count or s.last is distinct from t.step_count - 1;

-- trajectory-text: every trajectory is found by the words said in its steps
select t.id as trajectory_id from trajectory t
where not exists (select from trajectory_text x where x.trajectory_id = t.id);

-- trajectory-counts: the counts shown on pages are those of the trajectories
select environment_id, source, outcome, n as trajectories, c.trajectories as counted
from (
  select environment_id, source, case when success then 'solved' when not success then 'failed' else 'unknown' end
    as outcome, count(*) as n
  from trajectory group by 1, 2, 3
) t full join trajectory_count c using (environment_id, source, outcome)
where n is distinct from c.trajectories;

-- lease: while some worker is alive, no rollout stays with one that has been gone for two minutes
select id as rollout_id, owner, lease_until from rollout
where status = 'running' and lease_until < now() - interval '2 minutes'
  and exists (select from rollout alive where alive.status = 'running' and alive.lease_until > now());

-- calls: every step mined here had its model call counted before it was made
select r.id as rollout_id, r.calls_started, r.step_count
from rollout r join run on run.id = r.run_id
where run.origin = 'mined' and r.calls_started < r.step_count;

-- trajectory-totals: what was counted of a trajectory that nobody works on is what its rollouts add up to
select rt.run_id, rt.trajectory_id, r.n as rollouts, t.queued + t.completed + t.errored + t.cancelled as counted,
  r.calls, t.calls as counted_calls
from run_trajectory rt
left join run_trajectory_total t on t.run_id = rt.run_id and t.trajectory_id = rt.trajectory_id
left join (
  select run_id, trajectory_id, count(*) as n, count(*) filter (where status = 'queued') as queued,
    count(*) filter (where status = 'completed') as completed, count(*) filter (where status = 'errored') as errored,
    count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where success) as succeeded,
    sum(calls_started) as calls, sum(prompt_tokens) as prompt_tokens, sum(completion_tokens) as completion_tokens
  from rollout group by 1, 2
) r on r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id
where rt.state <> 'running' and
  (r.queued, r.completed, r.errored, r.cancelled, r.succeeded, r.calls, r.prompt_tokens, r.completion_tokens)
  is distinct from
  (t.queued, t.completed, t.errored, t.cancelled, t.succeeded, t.calls, t.prompt_tokens, t.completion_tokens);

-- run-totals: what was counted of a run is the sum of what was counted of its trajectories
select run_id, r.calls, t.calls as of_trajectories
from run_total r full join (
  select run_id, sum(queued) as queued, sum(completed) as completed, sum(errored) as errored,
    sum(cancelled) as cancelled, sum(succeeded) as succeeded, sum(calls) as calls,
    sum(prompt_tokens) as prompt_tokens, sum(completion_tokens) as completion_tokens, max(largest_tokens) as largest
  from run_trajectory_total group by 1
) t using (run_id)
where (r.queued, r.completed, r.errored, r.cancelled, r.succeeded, r.calls, r.prompt_tokens, r.completion_tokens)
    is distinct from
    (t.queued, t.completed, t.errored, t.cancelled, t.succeeded, t.calls, t.prompt_tokens, t.completion_tokens)
  or coalesce(r.largest_tokens, 0) < coalesce(t.largest, 0);

-- trajectory-state: a trajectory of a run is finished exactly when none of its rollouts is queued or running
select rt.run_id, rt.trajectory_id, rt.state, count(r.id) as open_rollouts
from run_trajectory rt left join rollout r
  on r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id and r.status in ('queued', 'running')
group by rt.run_id, rt.trajectory_id, rt.state
having (rt.state in ('queued', 'running')) <> (count(r.id) > 0);

-- run-state: a run that is over has no unfinished trajectory
select run.id as run_id, run.state, count(*) as unfinished
from run join run_trajectory rt on rt.run_id = run.id
where run.state in ('done', 'cancelled') and rt.state in ('queued', 'running')
group by run.id;

-- newest-run: a trajectory's newest run is the newest with evidence on it, and marked as such
select t.id as trajectory_id, t.latest_run_id, newest.run_id, newest.marked
from trajectory t join (
  select trajectory_id, max(run_id) filter (where state in ('done', 'errored')) as run_id,
    array_agg(run_id) filter (where latest) as marked
  from run_trajectory group by 1
) newest on newest.trajectory_id = t.id
where coalesce(t.latest_run_id, 0) < coalesce(newest.run_id, 0)
  or newest.marked is distinct from case when t.latest_run_id is not null then array[t.latest_run_id] end;

-- solved: a trajectory of a finished run counts as solved exactly when some rollout succeeded
select rt.run_id, rt.trajectory_id, rt.solved
from run_trajectory rt
where rt.state in ('done', 'errored') and rt.solved <> exists (
  select from rollout r where r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id and r.success);

-- verdicts: the verdict counts of a mined trajectory add up to its steps
select rt.run_id, rt.trajectory_id, t.step_count
from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
where rt.state in ('done', 'errored')
  and rt.beneficial + rt.harmful + rt.redundant + rt.dead_end + rt.undecided <> t.step_count;

-- worth: where nothing is left to decide, undecided or disagreed on, a person's minute is not asked for
select rt.run_id, rt.trajectory_id, rt.worth
from run_trajectory rt
where rt.worth > 0 and rt.undecided = 0 and rt.review in ('none', 'complete') and not exists (
  select from strategy_disagreement d where d.run_id = rt.run_id and d.trajectory_id = rt.trajectory_id);

-- entry-facts: what a run's row repeats of its trajectory, for lists, is what the trajectory says
select rt.run_id, rt.trajectory_id, rt.environment_id, rt.reward
from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
where (rt.environment_id, rt.reward) is distinct from (t.environment_id, t.reward);

-- review-versions: the decisions on one target are numbered 1..n without gaps
select run_id, trajectory_id, target, target_index, count(*) as decisions, max(version) as newest
from review group by 1, 2, 3, 4 having max(version) <> count(*);

-- review-environment: a decision is of its trajectory's environment
select r.id as review_id, r.environment_id, t.environment_id as of_trajectory
from review r join trajectory t on t.id = r.trajectory_id where r.environment_id <> t.environment_id;

-- review-counts: as much of a trajectory is reviewed as its counts say, and nothing where nobody decided
select rt.run_id, rt.trajectory_id, rt.review, rt.to_review, rt.reviewed
from run_trajectory rt
where rt.review <> case when rt.to_review = 0 then 'none' when rt.reviewed = 0 then 'pending'
    when rt.reviewed < rt.to_review then 'partial' else 'complete' end
  or rt.reviewed > rt.to_review
  or rt.reviewed > 0 and not exists (
    select from review r where r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id);

-- dataset-examples: a dataset holds as many examples as it says, numbered 0..n-1
select d.id as dataset_id, d.example_count, count(e.dataset_id) as examples
from dataset d left join dataset_example e on e.dataset_id = d.id
group by d.id
having count(e.dataset_id) <> d.example_count or coalesce(max(e.example_index), -1) <> d.example_count - 1;

-- dataset-versions: the versions of a name are 1, 2, 3 …, each made after the one before
select d.id as dataset_id, d.version, d.previous_id
from dataset d left join dataset p on p.id = d.previous_id
where d.version > 1 and (p.name, p.version) is distinct from (d.name, d.version - 1);

-- dataset-sources: every mined example of a dataset that kept its sources rests on one of them
select e.dataset_id, e.example_index
from dataset_example e
where e.kind <> 'bc' and e.example::json #>> '{provenance,ruleVersion}' is not null
  and exists (select from dataset_source s where s.dataset_id = e.dataset_id)
  and not exists (select from dataset_source s where s.dataset_id = e.dataset_id and s.trajectory_id = e.trajectory_id);

-- dataset-splits: a dataset says how many of its examples are for validation, and no subtask is in both splits
select d.id as dataset_id, null::int as subtask_id
from dataset d left join dataset_example e on e.dataset_id = d.id and e.split = 'validation'
group by d.id having count(e.dataset_id) <> d.validation_count
union all
select e.dataset_id, t.subtask_id
from dataset_example e join dataset d on d.id = e.dataset_id and d.validation_count > 0
join trajectory t on t.id = e.trajectory_id
group by e.dataset_id, t.subtask_id having count(distinct e.split) > 1;

-- collection-calls: what a collection committed is what its episodes called, and what the running ones may still call
select c.id as collection_id, c.calls_committed, sum(n.calls_started) as calls
from collection c join collection_episode n on n.collection_id = c.id
group by c.id
having c.calls_committed <> sum(n.calls_started)
  + coalesce(sum((c.config->>'maxSteps')::int - n.claim_calls) filter (where n.status = 'running'), 0);

-- collection-state: a collection that is over has no open episode, and one that is not has some
select c.id as collection_id, c.state, count(n.id) as open_episodes
from collection c left join collection_episode n on n.collection_id = c.id and n.status in ('queued', 'running')
group by c.id
having (c.state in ('done', 'cancelled')) <> (count(n.id) = 0);

-- episode-lease: while some worker is alive, no episode stays with one that has been gone for two minutes
select id as episode_id, owner, lease_until from collection_episode
where status = 'running' and lease_until < now() - interval '2 minutes'
  and exists (select from collection_episode alive where alive.status = 'running' and alive.lease_until > now());

-- verification-state: a verification that is over has no waiting trajectory, and one that runs has some
select v.id as verification_id, v.state, count(n.trajectory_id) as waiting
from verification v left join verification_entry n on n.verification_id = v.id and n.outcome = 'queued'
group by v.id
having (v.state <> 'running') <> (count(n.trajectory_id) = 0);

-- replay-checked: what a verification says was replayed has a check
select n.verification_id, n.trajectory_id, n.outcome
from verification_entry n left join replay_check c on c.trajectory_id = n.trajectory_id
where n.outcome in ('verified', 'diverged') and c.trajectory_id is null;

-- campaign-iterations: iterations are numbered 0..n-1, and each explored with its own checkpoint
select i.campaign_id, i.iteration, i.checkpoint, run.checkpoint as mined_by, c.checkpoint as played_by
from campaign_iteration i left join run on run.id = i.run_id left join collection c on c.id = i.collection_id
where run.checkpoint <> i.checkpoint or c.checkpoint <> i.checkpoint
  or (i.iteration > 0 and not exists (
    select from campaign_iteration before
    where before.campaign_id = i.campaign_id and before.iteration = i.iteration - 1));

-- critique-steps: a completed critique says one thing of every action, and of no other
select c.id as critique_id, t.step_count, jsonb_array_length(c.steps) as said
from critique c join trajectory t on t.id = c.trajectory_id
where c.status = 'completed' and (select array_agg((said->>'stepIndex')::int order by (said->>'stepIndex')::int)
    from jsonb_array_elements(c.steps) said)
  is distinct from (select array_agg(i order by i) from generate_series(0, t.step_count - 1) i);

-- disagreement-once: what strategies disagree on is there once per run and pair, and compared where it is of a run
select d.trajectory_id, d.run_id, d.pair, count(*) as times
from strategy_disagreement d
left join run_trajectory rt on rt.run_id = d.run_id and rt.trajectory_id = d.trajectory_id
group by 1, 2, 3 having count(*) > 1 or not bool_and(coalesce(rt.compared, true));

-- disagreement-critic: a critic disagrees only on actions that its trajectory's newest critique takes a side on
select d.trajectory_id, d.run_id, d.pair, step
from strategy_disagreement d cross join unnest(d.steps) step
where d.pair like '%-critic' and not exists (
  select from (
    select c.steps from critique c where c.trajectory_id = d.trajectory_id and c.status = 'completed'
    order by c.id desc limit 1
  ) newest cross join jsonb_array_elements(newest.steps) said
  where (said->>'stepIndex')::int = step and said->>'call' in ('helpful', 'harmful'));

-- disagreement-derived: on an expert's success cloning and the critic disagree exactly where the newest critique says harmful
select t.id as trajectory_id, derived.steps as derived, d.steps as stored
from trajectory t
join lateral (
  select c.steps from critique c where c.trajectory_id = t.id and c.status = 'completed' order by c.id desc limit 1
) newest on true
cross join lateral (
  select array_agg((said->>'stepIndex')::int order by (said->>'stepIndex')::int) as steps
  from jsonb_array_elements(newest.steps) said where said->>'call' = 'harmful'
) derived
left join strategy_disagreement d on d.trajectory_id = t.id and d.run_id is null and d.pair = 'bc-critic'
where t.source = 'expert' and t.success and d.steps is distinct from derived.steps;

-- coverage: what is known of each subtask that experts played is what its trajectories and the runs on them say
select coalesce(c.subtask_id, s.subtask_id) as subtask_id, c.experts, s.n as trajectories, c.failed, c.solved_entries,
  mined.solved, c.first_run_id
from subtask_coverage c full join (
  select subtask_id, count(*) as n, count(*) filter (where not success) as failed,
    count(*) filter (where success) as succeeded
  from trajectory where source = 'expert' group by 1
) s on s.subtask_id = c.subtask_id
left join (
  select t.subtask_id, count(*) filter (where rt.solved) as solved, count(*) filter (where rt.approved) as approved,
    array_agg(rt.run_id) filter (where rt.solved) as runs
  from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
  where t.source = 'expert' and not t.success group by 1
) mined on mined.subtask_id = c.subtask_id
where (c.experts, c.failed, c.succeeded, c.solved_entries, c.approved_entries) is distinct from
    (s.n, s.failed, s.succeeded, coalesce(mined.solved, 0), coalesce(mined.approved, 0))
  or c.state is distinct from case when s.failed = 0 or s.succeeded > 0 then null when mined.approved > 0 then 'approved'
    when mined.solved > 0 then 'solved' else 'remaining' end
  or (c.first_run_id is null) <> (c.solved_entries = 0) or c.first_run_id <> all(mined.runs);

-- coverage-counts: the counts shown on pages are those of the subtasks
select environment_id, task_type, state, n as subtasks, c.subtasks as counted
from (
  select environment_id, coalesce(task_type, '') as task_type, state, count(*) as n from subtask_coverage
  where state is not null group by 1, 2, 3
) s full join (select * from coverage_count where subtasks <> 0) c using (environment_id, task_type, state)
where n is distinct from c.subtasks;

-- queue-complete: an item of a review queue is complete exactly when as many people are done with it as were asked for
select i.queue_id, i.trajectory_id, q.reviewers, count(a.person_id) as done
from review_queue_item i join review_queue q on q.id = i.queue_id
left join review_assignment a on a.queue_id = i.queue_id and a.trajectory_id = i.trajectory_id and a.state = 'done'
group by i.queue_id, i.trajectory_id, i.complete, q.reviewers
having count(a.person_id) > q.reviewers or i.complete <> (count(a.person_id) = q.reviewers);

-- vote-versions: the votes of one person on one target are numbered 1..n without gaps
select queue_id, trajectory_id, person_id, target, target_index, count(*) as votes, max(version) as newest
from review_vote group by 1, 2, 3, 4, 5 having max(version) <> count(*);

-- vote-settled: whatever is voted on in a complete item that is not gold has a review of that queue
select i.queue_id, i.trajectory_id, v.target, v.target_index
from review_queue_item i join review_vote v on v.queue_id = i.queue_id and v.trajectory_id = i.trajectory_id
where i.complete and i.gold is null and v.decision <> 'withdraw'
  and v.version = (select max(n.version) from review_vote n where n.queue_id = v.queue_id
    and n.trajectory_id = v.trajectory_id and n.person_id = v.person_id and n.target = v.target
    and n.target_index = v.target_index)
  and exists (select from review_assignment a where a.queue_id = v.queue_id and a.trajectory_id = v.trajectory_id
    and a.person_id = v.person_id and a.state = 'done')
  and not exists (select from review r where r.queue_id = i.queue_id and r.run_id = i.run_id
    and r.trajectory_id = i.trajectory_id and r.target = v.target and r.target_index = v.target_index);

-- training-events: nothing has happened in a training that no worker has had in hand
select t.id as training_id, count(e.id) as events from training t join training_event e on e.training_id = t.id
where t.epoch = 0 group by t.id;
