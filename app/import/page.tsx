import type { Metadata } from "next";
import { listEnvironments, listImports } from "@/lib/server/reads";
import { ImportTable } from "@/components/import/import-table";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../cursor";
import { found } from "../found";
import type { SearchParams } from "../address";
import { ImportDesk } from "./import-desk";

export const metadata: Metadata = { title: "Import" };

export default async function ImportPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const cursor = cursorIn(await searchParams);
  const [{ rows, next }, environments] = await Promise.all([found(listImports(cursor)), listEnvironments()]);
  return (
    <>
      <PageHeader
        title="Import"
        meta="Expert trajectories to mine, or rollouts made elsewhere as evidence. The same episode is stored once, however often it is sent."
      />
      <ImportDesk environments={environments.map((environment) => environment.name)}>
        {rows.length > 0 ? (
          <section aria-labelledby="recent" className="mt-4 flex flex-col gap-2">
            <h2 id="recent" className="text-base font-semibold">
              Recent imports
            </h2>
            <ImportTable rows={rows} />
            <Pager
              label="Pages of imports"
              first={cursor === null ? null : "/import"}
              next={next === null ? null : `/import?cursor=${encodeURIComponent(next)}`}
            />
          </section>
        ) : null}
      </ImportDesk>
    </>
  );
}
