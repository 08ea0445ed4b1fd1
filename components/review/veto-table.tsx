/**
 * `VetoTable`: how often something of one sort was vetoed, most reliably high rates first; `name` is what the rows are of,
 * `href` where its decisions are listed. Bounded: rare sorts are counted, not listed.
 */
import Link from "next/link";
import type { VetoRate } from "@/lib/core/vetoes";
import { EvidenceScale } from "@/components/trajectory/evidence-bar";
import { reasonWords } from "@/components/trajectory/decision-history";
import { VisibleText } from "@/components/trajectory/text-block";
import { Badge } from "@/components/ui/badge";
import { formatCount, formatPercent, plural } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

const SHOWN = 20;

export function VetoTable(props: {
  caption: string;
  name: string;
  /** What the second number is of, e.g. decided. */
  of: string;
  rows: VetoRate[];
  wordOf?: (name: string) => string;
  hrefOf?: (name: string) => string | null;
}) {
  const { caption, name, of, rows, wordOf = (text) => text, hrefOf = () => null } = props;
  const more = rows.length - SHOWN;
  return (
    <div className="flex flex-col gap-2">
      <Table caption={caption}>
        <thead>
          <tr>
            <Th className="w-[32%]">{name}</Th>
            <Th align="end" className="w-24">
              Vetoed
            </Th>
            <Th align="end" className="w-24">
              {of}
            </Th>
            <Th align="end" className="w-24">
              Rate
            </Th>
            <Th className="w-56">95 % interval</Th>
            <Th>Most given reason</Th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <Tr key={row.name}>
              <Td className="max-w-[32ch] truncate">
                <Name text={wordOf(row.name)} href={hrefOf(row.name)} />
              </Td>
              <Td align="end">{formatCount(row.vetoed)}</Td>
              <Td align="end">{formatCount(row.decided)}</Td>
              <Td align="end">{row.decided === 0 ? "–" : formatPercent(row.vetoed / row.decided)}</Td>
              <Td>
                <Interval rate={row} />
              </Td>
              <Td>
                {row.thin ? <Badge title="The interval is wider than 50 %">thin data</Badge> : null}{" "}
                {row.reason === null ? null : <VisibleText text={reasonWords(row.reason)} />}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {more > 0 ? (
        <p className="text-xs text-ink-3">{plural(more, "more row")} with a lower bound below these.</p>
      ) : null}
    </div>
  );
}

function Name({ text, href }: { text: string; href: string | null }) {
  const name = <VisibleText text={text} />;
  if (href === null) return name;
  return (
    <Link href={href} prefetch={false} className="font-medium hover:underline">
      {name}
    </Link>
  );
}

function Interval({ rate }: { rate: VetoRate }) {
  const words = `${formatPercent(rate.low)} to ${formatPercent(rate.high)}`;
  const { low, high, vetoed: successes, decided: attempts } = rate;
  return (
    <span className="flex items-center gap-2 text-xs whitespace-nowrap text-ink-2" title={words}>
      <span className="w-14 shrink-0">
        <EvidenceScale tally={{ low, high, successes, attempts }} />
      </span>
      {words}
    </span>
  );
}
