import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { compareDatasets } from "@/lib/server/reads";
import { DifferenceGroups } from "@/components/dataset/difference-groups";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { idInAddress, readAddress, type SearchParams } from "../../address";
import { found } from "../../found";

export const metadata: Metadata = { title: "Compare datasets" };

const Address = z.object({ a: idInAddress, b: idInAddress });

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const asked = readAddress(Address, await searchParams);
  if (asked.a === null || asked.b === null) notFound();
  const { a, b, unchanged, groups } = await found(compareDatasets(asked.a, asked.b));
  const total = (change: string) =>
    groups.filter((group) => group.change === change).reduce((sum, { count }) => sum + count, 0);
  const name = ({ name: of, version }: typeof a) => `${of} v${version}`;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={`${name(a)} to ${name(b)}`}
        back={{ href: `/datasets/${b.datasetId}`, label: name(b) }}
        meta={
          <Facts>
            <Fact name="came in">{formatCount(total("in"))}</Fact>
            <Fact name="fell out">{formatCount(total("out"))}</Fact>
            <Fact name="changed">{formatCount(total("changed"))}</Fact>
            <Fact name="unchanged">{formatCount(unchanged)}</Fact>
          </Facts>
        }
      />
      {groups.length === 0 ? (
        <EmptyState title="Nothing differs" text="Both hold the same examples, byte for byte." />
      ) : (
        <DifferenceGroups groups={groups} />
      )}
    </div>
  );
}
