import type { Metadata } from "next";
import { EnvironmentFacts } from "@/components/environment/environment-facts";
import { Fidelity } from "@/components/environment/fidelity";
import { Reachable } from "@/components/environment/reachable";
import { TaskTypes } from "@/components/environment/task-types";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { environmentDrivers, environmentView } from "@/lib/server/reads";
import { found, idOf } from "../../found";
import { VerifyReplay } from "../../replays/verify-replay";
import { parseView } from "../../trajectories/filter";
import { CheckEnvironment } from "./check-environment";

type Props = { params: Promise<{ environmentId: string }> };

export const metadata: Metadata = { title: "Environment" };

export default async function EnvironmentPage({ params }: Props) {
  const environmentId = idOf((await params).environmentId);
  const { row, trajectories, fidelity, taskTypes } = await found(environmentView(environmentId));
  const driver = environmentDrivers().find((each) => each.driverId === row.driver) ?? null;
  const here = `/environments/${environmentId}`;
  const unchecked = parseView({
    ...{ source: "any", outcome: "any", replay: "unchecked" },
    environment: String(environmentId),
  });
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={row.name}
        back={{ href: "/environments", label: "Environments" }}
        meta={
          <Facts>
            <Fact name="driver">{driver?.title ?? row.driver ?? "none"}</Fact>
            <Fact name="trajectories">{formatCount(trajectories)}</Fact>
            {row.about ? <Fact name="tasks">{formatCount(row.about.subtasks)}</Fact> : null}
          </Facts>
        }
        action={
          <>
            <ButtonLink href={`${here}/edit`}>{driver ? "Change its set-up" : "Give it a driver"}</ButtonLink>
            {driver ? (
              <ButtonLink variant="primary" href={`/collections/new?environment=${environmentId}`}>
                Collect trajectories…
              </ButtonLink>
            ) : null}
          </>
        }
      />
      {driver ? (
        <>
          <Section title="Is it reachable?" actions={<CheckEnvironment environmentId={environmentId} />}>
            <Reachable row={row} needs={driver.needs} />
          </Section>
          <Section title="What is it, and what can it do?">
            <EnvironmentFacts row={row} driver={driver} />
          </Section>
        </>
      ) : (
        <EmptyState
          title="No driver"
          text="Nothing can be replayed here: its trajectories are judged by imported evidence only. Give it a driver to replay them and to let agents play on from their states."
        >
          <ButtonLink href={`${here}/edit`} variant="primary">
            Give it a driver
          </ButtonLink>
        </EmptyState>
      )}
      <Section
        title="How faithful are its replays?"
        note="Only what comes again exactly as it was recorded can be mined."
        actions={
          <>
            <ButtonLink size="sm" variant="quiet" href="/replays">
              Replay checks
            </ButtonLink>
            {driver && fidelity.unchecked > 0 ? (
              <VerifyReplay selection={{ filter: unchecked.filter }} words="Verify all unchecked" />
            ) : null}
          </>
        }
      >
        <Fidelity environmentId={environmentId} fidelity={fidelity} normalizer={driver?.normalizer ?? null} />
      </Section>
      <Section
        title="Which tasks are there?"
        actions={
          <ButtonLink size="sm" href={`${here}/tasks`}>
            All tasks
          </ButtonLink>
        }
      >
        <TaskTypes environmentId={environmentId} rows={taskTypes} />
      </Section>
    </div>
  );
}
