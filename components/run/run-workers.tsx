/** `RunWorkers`: who works on the run, and how fast: the last minutes as a chart, and one line per process. */
import type { RunActivity, RunWorker } from "@/lib/core/rows";
import { RolloutPace } from "@/components/charts/rollout-pace";
import { formatCount, formatDuration } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { workerWord } from "./run-words";

export function RunWorkers({ activity }: { activity: RunActivity }) {
  return (
    <Section
      title="Who works on it?"
      note="processes with a rollout in hand, or heard of in the last half hour"
    >
      <div className="grid items-start gap-x-10 gap-y-5 xl:grid-cols-[3fr_2fr]">
        <Table caption="Workers">
          <thead>
            <tr>
              <Th>Worker</Th>
              <Th align="end">In hand</Th>
              <Th align="end">Held for</Th>
              <Th align="end">Ended in 5 min</Th>
              <Th align="end">Calls/min</Th>
              <Th align="end">Leases lost</Th>
              <Th align="end">Last seen</Th>
            </tr>
          </thead>
          <tbody>
            {activity.workers.map((worker) => (
              <WorkerLine key={worker.owner} worker={worker} />
            ))}
          </tbody>
        </Table>
        <RolloutPace perMinute={activity.perMinute} />
      </div>
    </Section>
  );
}

function WorkerLine({ worker }: { worker: RunWorker }) {
  const { owner, running, leaseLeftMs, done, errored, callsPerMinute, seenAt, lostLeases } = worker;
  const lost = leaseLeftMs !== null && leaseLeftMs <= 0;
  return (
    <Tr>
      <Td truncate title={owner}>
        {workerWord(owner)}
      </Td>
      <Td align="end">{formatCount(running)}</Td>
      <Td align="end" className={lost ? "text-danger" : "text-ink-2"}>
        {leaseLeftMs === null ? "–" : lost ? "silent, taken over soon" : formatDuration(leaseLeftMs)}
      </Td>
      <Td align="end">
        {formatCount(done + errored)}
        {errored > 0 ? <span className="text-danger"> ({formatCount(errored)} broke)</span> : null}
      </Td>
      <Td align="end">{formatCount(callsPerMinute)}</Td>
      <Td align="end" className={lostLeases > 0 ? "text-danger" : undefined}>
        {formatCount(lostLeases)}
      </Td>
      <Td align="end" className="text-ink-2">
        {seenAt ? <Time at={seenAt} /> : "–"}
      </Td>
    </Tr>
  );
}
