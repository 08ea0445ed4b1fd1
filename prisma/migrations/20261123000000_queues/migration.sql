-- Review queues: chosen trajectories in an order, each to be judged by so many people on their own. What people say there
-- are votes; once everybody who was asked for is done with an item, the votes are settled into reviews.
-- CreateTable
CREATE TABLE "review_queue" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "sort" TEXT NOT NULL,
    "reviewers" INTEGER NOT NULL,
    "blind_share" DOUBLE PRECISION NOT NULL,
    "seed" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_queue_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_queue_name_given" CHECK (name <> ''),
    CONSTRAINT "review_queue_reviewers_range" CHECK (reviewers BETWEEN 1 AND 20),
    CONSTRAINT "review_queue_blind_share_range" CHECK (blind_share BETWEEN 0 AND 1)
);

-- Who works on a queue; nobody named means anybody may.
-- CreateTable
CREATE TABLE "review_queue_person" (
    "queue_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,

    CONSTRAINT "review_queue_person_pkey" PRIMARY KEY ("queue_id", "person_id")
);

-- `gold`: the decisions known to be right, to measure people by; such an item is never settled.
-- CreateTable
CREATE TABLE "review_queue_item" (
    "queue_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "run_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "blind" BOOLEAN NOT NULL,
    "gold" JSONB,
    "complete" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "review_queue_item_pkey" PRIMARY KEY ("queue_id", "trajectory_id")
);

-- One person on one item; the lock is theirs until it runs out.
-- CreateTable
CREATE TABLE "review_assignment" (
    "queue_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'holding',
    "lock_until" TIMESTAMPTZ,
    "claimed_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ,

    CONSTRAINT "review_assignment_pkey" PRIMARY KEY ("queue_id", "trajectory_id", "person_id"),
    CONSTRAINT "review_assignment_state_known" CHECK (state IN ('holding', 'done', 'skipped')),
    CONSTRAINT "review_assignment_lock" CHECK ((state = 'holding') = (lock_until IS NOT NULL)),
    CONSTRAINT "review_assignment_ended" CHECK ((state = 'holding') = (ended_at IS NULL))
);

-- What one person says of one target in one queue. `verdict` is the miner's word at that time, `verdict_seen` what of it
-- the person could see: null where it was hidden.
-- CreateTable
CREATE TABLE "review_vote" (
    "id" SERIAL NOT NULL,
    "queue_id" INTEGER NOT NULL,
    "trajectory_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "target_index" INTEGER NOT NULL,
    "decision" TEXT NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "verdict" TEXT NOT NULL,
    "verdict_seen" TEXT,
    "version" INTEGER NOT NULL,
    "client_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_vote_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_vote_target_known" CHECK (target IN ('step', 'solution')),
    CONSTRAINT "review_vote_decision_known" CHECK (decision IN ('approve', 'veto', 'promote', 'withdraw')),
    CONSTRAINT "review_vote_version_range" CHECK (version >= 1 AND target_index >= 0)
);

-- A decision that settles a queue's votes, says that they differ, or ends such a dispute, names the queue.
ALTER TABLE "review" ADD COLUMN "queue_id" INTEGER;
ALTER TABLE "review" DROP CONSTRAINT "review_decision_known";
ALTER TABLE "review"
  ADD CONSTRAINT "review_decision_known" CHECK (decision IN ('approve', 'veto', 'promote', 'withdraw', 'dispute')),
  ADD CONSTRAINT "review_dispute_of_queue" CHECK (decision <> 'dispute' OR queue_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "review_queue_item_open" ON "review_queue_item"("queue_id", "position") WHERE NOT complete;

-- CreateIndex
CREATE UNIQUE INDEX "review_queue_item_queue_id_position_key" ON "review_queue_item"("queue_id", "position");

-- CreateIndex
CREATE INDEX "review_assignment_held" ON "review_assignment"("queue_id", "person_id") WHERE state = 'holding';

-- CreateIndex
CREATE UNIQUE INDEX "review_vote_client_id_key" ON "review_vote"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "review_vote_queue_id_trajectory_id_person_id_target_target__key" ON "review_vote"("queue_id", "trajectory_id", "person_id", "target", "target_index", "version");

-- CreateIndex
CREATE INDEX "review_of_queue" ON "review"("queue_id", "id") WHERE queue_id IS NOT NULL;

-- AddForeignKey
ALTER TABLE "review_queue" ADD CONSTRAINT "review_queue_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_queue_person" ADD CONSTRAINT "review_queue_person_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_queue_person" ADD CONSTRAINT "review_queue_person_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_queue_item" ADD CONSTRAINT "review_queue_item_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_queue_item" ADD CONSTRAINT "review_queue_item_run_id_trajectory_id_fkey" FOREIGN KEY ("run_id", "trajectory_id") REFERENCES "run_trajectory"("run_id", "trajectory_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_queue_id_trajectory_id_fkey" FOREIGN KEY ("queue_id", "trajectory_id") REFERENCES "review_queue_item"("queue_id", "trajectory_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_vote" ADD CONSTRAINT "review_vote_queue_id_trajectory_id_person_id_fkey" FOREIGN KEY ("queue_id", "trajectory_id", "person_id") REFERENCES "review_assignment"("queue_id", "trajectory_id", "person_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER "review_vote_is_fact" BEFORE UPDATE OR DELETE ON "review_vote"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
