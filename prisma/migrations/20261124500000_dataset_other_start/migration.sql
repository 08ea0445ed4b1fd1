-- Of the successes from the start of a subtask a campaign's dataset takes one; the others say so. The share of a kind could
-- not be asked for by anybody, and is gone.
ALTER TABLE "dataset_left_out" DROP CONSTRAINT "dataset_left_out_reason_known";
ALTER TABLE "dataset_left_out" ADD CONSTRAINT "dataset_left_out_reason_known" CHECK (reason IN ('unsolved', 'undecided',
  'vetoed', 'notApproved', 'noSteps', 'stale', 'kind', 'capped', 'otherStart'));
