/** `ServerStates`: how each server of a policy stands: answering, down, how many calls it takes, and why. */
import type { EndpointRow, ServerState } from "@/lib/core/endpoint";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/section";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

export function ServerStates({ servers }: { servers: ServerState[] }) {
  return (
    <Section title="How its servers stand" note="as the workers found them">
      <Table caption="Servers of this policy">
        <thead>
          <tr>
            <Th>Server</Th>
            <Th>State</Th>
            <Th align="end">Calls at once</Th>
            <Th>Last answer</Th>
            <Th>Why</Th>
          </tr>
        </thead>
        <tbody>
          {servers.map(({ endpoint, row }) => (
            <Tr key={endpoint.baseURL}>
              <Td className="font-mono">{endpoint.baseURL}</Td>
              <Td>{row ? <Answering row={row} /> : "not asked yet"}</Td>
              <Td align="end">{row ? row.limit : "–"}</Td>
              <Td>{row?.lastAnswerAt ? <Time at={row.lastAnswerAt} /> : "–"}</Td>
              <Td className="text-ink-2">{row ? row.reason : "–"}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function Answering({ row: { breaker, probeAt } }: { row: EndpointRow }) {
  if (breaker === "closed") return <Badge tone="good">answers</Badge>;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Badge tone="bad">down</Badge>
      {breaker === "half_open" ? (
        "being tried"
      ) : probeAt ? (
        <span>
          tried again <Time at={probeAt} />
        </span>
      ) : null}
    </span>
  );
}
