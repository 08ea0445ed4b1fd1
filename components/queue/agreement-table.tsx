/** `AgreementTable`: Krippendorff's alpha of all, Cohen's kappa of each two, and of each person with the miner. */
import { leastUnits, type Agreement } from "@/lib/core/agreement";
import type { QueueReport } from "@/lib/core/queue-report";
import type { PersonProgress } from "@/lib/core/queue-store";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

type Props = { report: QueueReport; people: PersonProgress[] };

export function AgreementTable({ report, people }: Props) {
  const nameOf = (personId: number) => people.find((p) => p.personId === personId)?.name ?? "";
  const rows = [
    { who: "all people", measure: "Krippendorff’s α", of: report.alpha },
    ...report.pairs.map(({ personIds: [one, other], ...of }) => ({
      who: `${nameOf(one)} and ${nameOf(other)}`,
      measure: "Cohen’s κ",
      of,
    })),
    ...report.miner.map(({ personId, ...of }) => ({
      who: `${nameOf(personId)} and the miner`,
      measure: "Cohen’s κ",
      of,
    })),
  ];
  return (
    <Table caption="Agreement">
      <thead>
        <tr>
          <Th className="w-[46%]">Between</Th>
          <Th>Measure</Th>
          <Th align="end">Agreement</Th>
          <Th align="end">n</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ who, measure, of }) => (
          <Tr key={who}>
            <Td truncate title={who}>
              {who}
            </Td>
            <Td className="text-ink-2">{measure}</Td>
            <Td align="end">
              <Value of={of} />
            </Td>
            <Td align="end">{formatCount(of.n)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Value({ of }: { of: Agreement }) {
  if (of.value !== null) return <>{of.value.toFixed(2).replace("-", "−")}</>;
  const why =
    of.n < leastUnits
      ? `fewer than ${leastUnits} were judged by both`
      : "everything was judged the same: there is nothing to compare chance with";
  return (
    <span className="text-ink-3" title={why}>
      undecided
    </span>
  );
}
