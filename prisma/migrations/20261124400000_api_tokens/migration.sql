-- Tokens of the HTTP API. Of the secret only its SHA-256 is kept; `last_used_at` is the hour of the last use.
-- CreateTable
CREATE TABLE "api_token" (
    "id" SERIAL NOT NULL,
    "person_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scope" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_token_name_given" CHECK (name <> ''),
    CONSTRAINT "api_token_hash_whole" CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT "api_token_scope_known" CHECK (scope IN ('read', 'write'))
);

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Two tokens of one name cannot be told apart, and it would be guessed which one to revoke.
CREATE UNIQUE INDEX "api_token_name" ON "api_token"("name") WHERE revoked_at IS NULL;
