-- The history of decisions: every filter of it has an index that is walked newest first.
ALTER TABLE "review" ADD COLUMN "environment_id" INTEGER;

ALTER TABLE "review" DISABLE TRIGGER "review_is_fact";
UPDATE "review" SET environment_id = t.environment_id FROM trajectory t WHERE t.id = "review".trajectory_id;
ALTER TABLE "review" ENABLE TRIGGER "review_is_fact";

ALTER TABLE "review" ALTER COLUMN "environment_id" SET NOT NULL;

-- CreateIndex
CREATE INDEX "review_at_id_idx" ON "review"("at", "id");

-- CreateIndex
CREATE INDEX "review_person_id_at_id_idx" ON "review"("person_id", "at", "id");

-- CreateIndex
CREATE INDEX "review_run_id_at_id_idx" ON "review"("run_id", "at", "id");

-- CreateIndex
CREATE INDEX "review_trajectory_id_at_id_idx" ON "review"("trajectory_id", "at", "id");

-- CreateIndex
CREATE INDEX "review_environment_id_at_id_idx" ON "review"("environment_id", "at", "id");

-- CreateIndex
CREATE INDEX "review_decision_at_id_idx" ON "review"("decision", "at", "id");

-- CreateIndex
CREATE INDEX "review_verdict_seen_at_id_idx" ON "review"("verdict_seen", "at", "id");

-- CreateIndex
CREATE INDEX "review_reason" ON "review"("reason", "at", "id") WHERE reason IS NOT NULL;

-- CreateIndex
CREATE INDEX "review_contradicting" ON "review"("at", "id")
  WHERE decision = 'veto' AND verdict_seen IN ('beneficial', 'solved')
    OR decision IN ('approve', 'promote') AND verdict_seen IN ('harmful', 'redundant', 'dead_end', 'unsolved');

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whoever inserts a decision need not know the environment: it is its trajectory's, which never changes.
CREATE FUNCTION set_review_environment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.environment_id := (SELECT environment_id FROM trajectory WHERE id = NEW.trajectory_id);
  RETURN NEW;
END
$$;
CREATE TRIGGER "review_environment" BEFORE INSERT ON "review"
  FOR EACH ROW EXECUTE FUNCTION set_review_environment();
