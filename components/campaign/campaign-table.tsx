/** `CampaignTable`: one line per campaign: where, how many iterations, which checkpoint explored last. */
import Link from "next/link";
import type { CampaignRow, IterationRow } from "@/lib/core/campaign-store";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

export function CampaignTable({ rows }: { rows: (CampaignRow & { iterations: IterationRow[] })[] }) {
  return (
    <Table caption="Campaigns">
      <thead>
        <tr>
          <Th className="w-[34%] min-w-56">Campaign</Th>
          <Th>Environment</Th>
          <Th>Expert</Th>
          <Th align="end">Iterations</Th>
          <Th>Newest checkpoint</Th>
          <Th align="end">Datasets</Th>
          <Th>By</Th>
          <Th align="end">Begun</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ campaignId, name, environment, model, iterations, createdBy, createdAt }) => (
          <Tr key={campaignId}>
            <Td truncate>
              <Link href={`/campaigns/${campaignId}`} className="font-medium hover:underline" title={name}>
                {name}
              </Link>
            </Td>
            <Td truncate className="min-w-28" title={environment}>
              {environment}
            </Td>
            <Td>{model ?? <span className="text-ink-3">any</span>}</Td>
            <Td align="end">{formatCount(iterations.length)}</Td>
            <Td truncate className="min-w-32">
              {iterations.at(-1)?.checkpoint ?? <span className="text-ink-3">none yet</span>}
            </Td>
            <Td align="end">{formatCount(iterations.filter((each) => each.datasetId !== null).length)}</Td>
            <Td className="text-ink-2">{createdBy}</Td>
            <Td align="end" className="text-ink-2">
              <Time at={createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
