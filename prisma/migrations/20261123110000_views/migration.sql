-- A filter and an order of the trajectory list that the team gave a name.
-- CreateTable
CREATE TABLE "saved_view" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "sort" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "saved_view_name_given" CHECK (name <> ''),
    CONSTRAINT "saved_view_sort_known"
      CHECK (sort IN ('newest', 'oldest', 'reward', 'length', 'beneficial', 'harmful', 'undecided', 'worth'))
);

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Two views of one name cannot be told apart.
CREATE UNIQUE INDEX "saved_view_name" ON "saved_view"("name") WHERE deleted_at IS NULL;
