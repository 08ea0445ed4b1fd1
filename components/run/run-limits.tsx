/** `RunLimits`: how many calls the run's model server got at once, and why it changed. */
import type { EndpointChange } from "@/lib/core/endpoint";
import { LimitSteps } from "@/components/charts/limit-steps";
import { formatCount, plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

const SHOWN = 10;

type Props = {
  /** Oldest first; the first is how it stood when the run began. */
  changes: EndpointChange[];
  until: Date;
};

export function RunLimits({ changes, until }: Props) {
  return (
    <Section
      title="How many calls at once?"
      note="over all workers and all runs that use this model server; none while it does not answer"
    >
      <div className="flex flex-col gap-4">
        <LimitSteps changes={changes} until={until} />
        <Changes changes={changes} from={Math.max(0, changes.length - SHOWN)} to={changes.length} />
        {changes.length > SHOWN ? (
          <details className="text-sm">
            <summary className="cursor-pointer">{plural(changes.length - SHOWN, "earlier change")}</summary>
            <div className="mt-2">
              <Changes changes={changes} from={0} to={changes.length - SHOWN} />
            </div>
          </details>
        ) : null}
      </div>
    </Section>
  );
}

/** The newest first, each beside what was before it. */
function Changes({ changes, from, to }: { changes: EndpointChange[]; from: number; to: number }) {
  const rows = changes.slice(from, to).map((change, i) => ({ change, before: changes[from + i - 1] }));
  return (
    <Table caption="Changes of the number of calls at once, newest first">
      <thead>
        <tr>
          <Th className="w-32">When</Th>
          <Th align="end">From</Th>
          <Th align="end">To</Th>
          <Th className="w-[70%]">Why</Th>
        </tr>
      </thead>
      <tbody>
        {rows.reverse().map(({ change, before }) => (
          <Tr key={`${change.at.getTime()} ${change.limit} ${change.breaker}`}>
            <Td>
              <Time at={change.at} />
            </Td>
            <Td align="end">{before ? callsWord(before) : "–"}</Td>
            <Td align="end">{callsWord(change)}</Td>
            <Td className="text-ink-2">{change.reason}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const callsWord = ({ breaker, limit }: EndpointChange): string =>
  breaker === "closed" ? formatCount(limit) : "paused";
