-- An import that died goes on where its last batch was stored. `attempt` counts who stores it: a batch of an earlier one
-- is refused. `digest` is the SHA-256 of the records stored so far, by which the same file is known again.
-- AlterTable
ALTER TABLE "import" ADD COLUMN "attempt" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "digest" TEXT;

ALTER TABLE "import" ADD CONSTRAINT "import_attempt_counted" CHECK (attempt >= 0);
