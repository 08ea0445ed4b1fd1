/** `EnvironmentTable`: one line per environment: what drives it, whether it can be replayed, what it holds. */
import Link from "next/link";
import type { EnvironmentRow } from "@/lib/core/rows";
import { Badge } from "@/components/ui/badge";
import { formatCount, formatReward } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { Driver } from "./environment-fields";

type Props = { rows: (EnvironmentRow & { trajectories: number })[]; drivers: Driver[] };

export function EnvironmentTable({ rows, drivers }: Props) {
  return (
    <Table caption="Environments">
      <thead>
        <tr>
          <Th className="min-w-48">Environment</Th>
          <Th className="w-[24%]">Driver</Th>
          <Th>Replay</Th>
          <Th className="w-[20%]">Ignored when compared</Th>
          <Th align="end">Success from</Th>
          <Th>Fingerprint</Th>
          <Th align="end">Trajectories</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const driver = drivers.find((each) => each.driverId === row.driver);
          return (
            <Tr key={row.environmentId}>
              <Td className="font-medium">
                <Link href={`/environments/${row.environmentId}`} className="hover:underline">
                  {row.name}
                </Link>
              </Td>
              <Td truncate title={driver?.description}>
                {driver?.title ?? row.driver ?? <span className="text-ink-3">none</span>}
              </Td>
              <Td>
                {row.driver === null ? (
                  <Badge
                    tone="warn"
                    title="No driver: its trajectories are judged by imported evidence only."
                  >
                    imported evidence only
                  </Badge>
                ) : row.checkError ? (
                  <Badge tone="bad" title={row.checkError.message}>
                    not reachable
                  </Badge>
                ) : (
                  <Badge tone="good">replayable</Badge>
                )}
              </Td>
              <Td truncate className="text-ink-2" title={driver?.normalizer}>
                {driver?.normalizer ?? "–"}
              </Td>
              <Td align="end">{formatReward(row.successThreshold)}</Td>
              <Td>
                {row.fingerprint === null ? (
                  <span className="text-ink-3">–</span>
                ) : (
                  <code className="text-xs text-ink-2" title={row.fingerprint}>
                    {row.fingerprint.slice(0, 10)}
                  </code>
                )}
              </Td>
              <Td align="end">
                <Link
                  href={`/trajectories?environment=${row.environmentId}&outcome=any`}
                  className="hover:underline"
                >
                  {formatCount(row.trajectories)}
                </Link>
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
