import type { Metadata } from "next";
import { z } from "zod";
import { splits } from "@/lib/core/trajectory";
import { environmentSubtasks, environmentView } from "@/lib/server/reads";
import { SubtaskTable } from "@/components/environment/subtask-table";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../../../cursor";
import { found, idOf } from "../../../found";
import type { SearchParams } from "../../../address";

type Props = { params: Promise<{ environmentId: string }>; searchParams: Promise<SearchParams> };

export const metadata: Metadata = { title: "Tasks" };

const Asked = z.object({
  type: z.string().min(1).max(200).nullable().catch(null),
  split: z.enum(splits).nullable().catch(null),
});

export default async function TasksPage({ params, searchParams }: Props) {
  const environmentId = idOf((await params).environmentId);
  const asked = await searchParams;
  const { type, split } = Asked.parse(asked);
  const cursor = cursorIn(asked);
  const { row } = await found(environmentView(environmentId));
  const { rows, next } = await found(environmentSubtasks(environmentId, { taskType: type, split }, cursor));
  const here = `/environments/${environmentId}/tasks`;
  const at = (more: Record<string, string | null>) => {
    const all = { type, split, ...more };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(all)) if (value !== null) query.set(name, value);
    return query.size === 0 ? here : `${here}?${query.toString()}`;
  };
  return (
    <>
      <PageHeader
        title={type === null ? "Tasks" : `Tasks: ${type}`}
        back={{ href: `/environments/${environmentId}`, label: row.name }}
        meta="In the environment’s own order."
      />
      {row.about?.splits || type !== null ? (
        <nav aria-label="Splits" className="flex flex-wrap gap-2 pb-3">
          {(row.about?.splits ? [null, ...splits] : []).map((each) => (
            <ButtonLink
              key={each ?? "all"}
              size="sm"
              variant={each === split ? "primary" : "secondary"}
              aria-current={each === split ? "page" : undefined}
              href={at({ split: each })}
            >
              {each ?? "every split"}
            </ButtonLink>
          ))}
          {type === null ? null : (
            <ButtonLink size="sm" variant="quiet" href={at({ type: null })}>
              Every kind
            </ButtonLink>
          )}
        </nav>
      ) : null}
      {rows.length === 0 ? (
        <EmptyState title="No such task" text="No task of this environment is of this kind and split.">
          <ButtonLink href={here}>All tasks</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          <SubtaskTable environmentId={environmentId} rows={rows} />
          <Pager
            label="Pages of tasks"
            first={cursor === null ? null : at({})}
            next={next === null ? null : at({ cursor: next })}
          />
        </div>
      )}
    </>
  );
}
