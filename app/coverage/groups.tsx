import { coverageBy, type CoverageCount } from "@/lib/core/coverage";
import { CoverageByGroup } from "@/components/charts/coverage-by-group";
import { CoverageGroups, type CoverageGroup } from "@/components/coverage/coverage-groups";
import { Panel } from "@/components/ui/section";
import { coverageHref } from "./address";

const SHOWN = 20;

/** By environment the numbers lead to trajectories, by task type to the tasks of it below. */
function byEnvironment(counts: CoverageCount[]): CoverageGroup[] {
  const names = new Map(counts.map((count) => [count.environmentId, count.environment]));
  return coverageBy(counts, (count) => count.environmentId).map(({ key, ...totals }) => ({
    ...totals,
    name: names.get(key) ?? String(key),
    href: (state) =>
      state === null
        ? coverageHref({
            filter: { environmentId: key, taskType: null, state },
            sort: "failures",
            campaignId: null,
          })
        : `/trajectories?environment=${key}&coverage=${state}`,
  }));
}

function byTaskType(counts: CoverageCount[]): CoverageGroup[] {
  const typed = counts.filter((count) => count.taskType !== null);
  const several = new Set(typed.map((count) => count.environmentId)).size > 1;
  return typed
    .map((count) => ({ count, totals: coverageBy([count], () => 0)[0] }))
    .flatMap(({ count, totals }) => {
      if (!totals) return [];
      const { environmentId, environment, taskType } = count;
      const { key: _, ...rest } = totals;
      const name = several ? `${taskType ?? ""} · ${environment}` : (taskType ?? "");
      const href: CoverageGroup["href"] = (state) =>
        coverageHref({ filter: { environmentId, taskType, state }, sort: "failures", campaignId: null });
      return [{ ...rest, name, href }];
    })
    .sort((a, b) => b.failed - a.failed || a.name.localeCompare(b.name));
}

/** Coverage by environment and, where there are kinds of tasks, by task type: a chart each, and its numbers as links. */
export function Groups({ counts }: { counts: CoverageCount[] }) {
  const environments = byEnvironment(counts);
  const types = byTaskType(counts);
  return (
    <div className={types.length === 0 ? "grid gap-4" : "grid gap-4 xl:grid-cols-2"}>
      <Group
        title="In which environments is the expert’s failure solved?"
        caption="Environment"
        kind="environments"
        groups={environments}
      />
      {types.length === 0 ? null : (
        <Group title="Which types of task are solved?" caption="Task type" kind="task types" groups={types} />
      )}
    </div>
  );
}

function Group(props: { title: string; caption: string; kind: string; groups: CoverageGroup[] }) {
  const { title, caption, kind, groups } = props;
  // Functions stay on the server: a chart is drawn in the browser.
  const drawn = groups.map(({ href: _, ...group }) => group);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Panel>
        <div className="p-4">
          <CoverageByGroup title={title} kind={kind} groups={drawn} />
        </div>
      </Panel>
      <CoverageGroups caption={caption} groups={groups.slice(0, SHOWN)} />
    </div>
  );
}
