import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { compareDatasets } from "@/lib/server/reads";
import { changes, differenceReasons } from "@/lib/core/dataset-compare";
import { DifferenceGroups } from "@/components/dataset/difference-groups";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { idInAddress, readAddress, type SearchParams } from "../../address";
import { found } from "../../found";

export const metadata: Metadata = { title: "Compare datasets" };

/** `change`, `reason` and `by`: the group that is gone through, from the difference `from` on. */
const Address = z.object({
  a: idInAddress,
  b: idInAddress,
  change: z.enum(changes).nullable().catch(null),
  reason: z.enum(differenceReasons).nullable().catch(null),
  by: z.string().max(200).nullable().catch(null),
  from: z.coerce.number().int().min(0).max(100_000_000).nullable().catch(null),
});

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const asked = readAddress(Address, await searchParams);
  if (asked.a === null || asked.b === null) notFound();
  const { change, reason, by, from } = asked;
  const part = change && reason ? { change, reason, by, from: from ?? 0 } : null;
  const { a, b, unchanged, groups } = await found(compareDatasets(asked.a, asked.b, part));
  const total = (of: string) =>
    groups.filter((group) => group.change === of).reduce((sum, { count }) => sum + count, 0);
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
        <DifferenceGroups groups={groups} between={{ a: a.datasetId, b: b.datasetId }} />
      )}
    </div>
  );
}
