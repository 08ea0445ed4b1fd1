-- CreateTable
CREATE TABLE "endpoint_limit" (
    "id" SERIAL NOT NULL,
    "base_url" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "min_concurrency" INTEGER NOT NULL,
    "max_concurrency" INTEGER NOT NULL,
    "slow_start" BOOLEAN NOT NULL DEFAULT true,
    "cooldown_until" TIMESTAMPTZ,
    "breaker" TEXT NOT NULL DEFAULT 'closed',
    "probe_at" TIMESTAMPTZ,
    "last_answer_at" TIMESTAMPTZ,
    "reason" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" JSONB NOT NULL,

    CONSTRAINT "endpoint_limit_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "endpoint_limit_breaker_known" CHECK (breaker IN ('closed', 'open', 'half_open')),
    CONSTRAINT "endpoint_limit_within_bounds"
      CHECK (min_concurrency >= 1 AND concurrency BETWEEN min_concurrency AND max_concurrency)
);

-- CreateTable
CREATE TABLE "endpoint_slot" (
    "endpoint_id" INTEGER NOT NULL,
    "owner" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "wanted" INTEGER NOT NULL,
    "lease_until" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "endpoint_slot_pkey" PRIMARY KEY ("endpoint_id", "owner"),
    CONSTRAINT "endpoint_slot_range" CHECK (slots >= 0 AND wanted >= 0)
);

-- CreateTable
CREATE TABLE "endpoint_change" (
    "id" SERIAL NOT NULL,
    "endpoint_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "concurrency" INTEGER NOT NULL,
    "breaker" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "endpoint_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_limit_base_url_model_key" ON "endpoint_limit"("base_url", "model");

-- CreateIndex
CREATE INDEX "endpoint_change_endpoint_id_id_idx" ON "endpoint_change"("endpoint_id", "id");

-- AddForeignKey
ALTER TABLE "endpoint_slot" ADD CONSTRAINT "endpoint_slot_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint_limit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_change" ADD CONSTRAINT "endpoint_change_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint_limit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "run" ADD COLUMN "budget" JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN "prices" JSONB,
    ADD COLUMN "end_reason" TEXT,
    ADD CONSTRAINT "run_end_reason_known" CHECK (end_reason IN ('call_budget', 'token_budget', 'cost_budget')),
    ADD CONSTRAINT "run_end_reason_at_end" CHECK (end_reason IS NULL OR state = 'done');

-- AlterTable
ALTER TABLE "rollout" ADD COLUMN "calls_reserved" INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT "rollout_reserved_range" CHECK (calls_reserved >= 0);
