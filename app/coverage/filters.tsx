"use client";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { coverageSorts, coverageStates, type CoverageCount, type CoverageSort } from "@/lib/core/coverage";
import { coverageWords } from "@/components/coverage/coverage-words";
import { FilterChip } from "@/components/ui/chip";
import { Select } from "@/components/ui/field";
import { coverageHref, parseCoverage, type CoverageView } from "./address";

const sortWords: Record<CoverageSort, string> = {
  failures: "most often failed",
  newest: "newest first",
};

/** The filters of the table. They live in the address: every change goes there, and Back takes it back. */
export function CoverageFilters({ view, counts }: { view: CoverageView; counts: CoverageCount[] }) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const { environmentId, taskType, state } = view.filter;
  const go = (change: Record<string, string>) => {
    const { sort, campaignId } = view;
    const asked = { environment: environmentId, type: taskType, coverage: state, sort, campaign: campaignId };
    const now = Object.fromEntries(
      Object.entries({ ...asked, ...change }).map(([name, value]) => [name, String(value ?? "")]),
    );
    start(() => router.push(coverageHref(parseCoverage(now))));
  };
  const here = counts.filter((count) => environmentId === null || count.environmentId === environmentId);
  const environments = new Map(counts.map((count) => [count.environmentId, count.environment]));
  const types = [...new Set(here.flatMap((count) => count.taskType ?? []))].sort();
  return (
    <div role="search" aria-label="Filter the tasks" aria-busy={pending} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Choice name="Environment" value={environmentId} go={(value) => go({ environment: value, type: "" })}>
          <option value="">any environment</option>
          {[...environments].map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </Choice>
        {types.length === 0 && taskType === null ? null : (
          <Choice name="Task type" value={taskType} go={(type) => go({ type })}>
            <option value="">any task type</option>
            {types.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </Choice>
        )}
        <Choice name="Coverage" value={state} go={(coverage) => go({ coverage })}>
          <option value="">solved or not</option>
          {coverageStates.map((each) => (
            <option key={each} value={each}>
              {coverageWords[each]}
            </option>
          ))}
        </Choice>
        <Choice name="Order" value={view.sort} go={(sort) => go({ sort })}>
          {coverageSorts.map((sort) => (
            <option key={sort} value={sort}>
              {sortWords[sort]}
            </option>
          ))}
        </Choice>
      </div>
      <Chips view={view} environment={environments.get(environmentId ?? 0) ?? String(environmentId)} />
    </div>
  );
}

function Choice(props: {
  name: string;
  value: string | number | null;
  go: (value: string) => void;
  children: React.ReactNode;
}) {
  return (
    <Select
      aria-label={props.name}
      className="max-w-48"
      value={props.value ?? ""}
      onChange={(event) => props.go(event.target.value)}
    >
      {props.children}
    </Select>
  );
}

function Chips({ view, environment }: { view: CoverageView; environment: string }) {
  const { filter } = view;
  const without = (off: Partial<CoverageView["filter"]>) =>
    coverageHref({ ...view, filter: { ...filter, ...off } });
  if (filter.environmentId === null && filter.taskType === null && filter.state === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {filter.environmentId === null ? null : (
        <FilterChip
          name="environment"
          value={environment}
          without={without({ environmentId: null, taskType: null })}
        />
      )}
      {filter.taskType === null ? null : (
        <FilterChip name="task type" value={filter.taskType} without={without({ taskType: null })} />
      )}
      {filter.state === null ? null : (
        <FilterChip name="coverage" value={coverageWords[filter.state]} without={without({ state: null })} />
      )}
    </div>
  );
}
