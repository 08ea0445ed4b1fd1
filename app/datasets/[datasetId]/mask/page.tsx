import type { Metadata } from "next";
import { Suspense } from "react";
import { z } from "zod";
import type { DatasetRow } from "@/lib/core/rows";
import { countMask, getDataset, maskFormats, previewMask } from "@/lib/server/reads";
import { MaskFacts } from "@/components/dataset/mask-facts";
import { MaskedRowView } from "@/components/dataset/masked-row-view";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Panel, Section } from "@/components/ui/section";
import { readAddress, type SearchParams } from "../../../address";
import { found, idOf } from "../../../found";
import { FormatChoice } from "./format-choice";

type Props = { params: Promise<{ datasetId: string }>; searchParams: Promise<SearchParams> };

const SHOWN = 5;
const Asked = z.object({
  format: z.string().nullable().catch(null),
  from: z.coerce.number().int().min(0).max(1e9).nullable().catch(null),
});

export const metadata: Metadata = { title: "Mask preview" };

/** What a download in one format trains, before it is downloaded. */
export default async function MaskPage({ params, searchParams }: Props) {
  const datasetId = idOf((await params).datasetId);
  const asked = readAddress(Asked, await searchParams);
  const formats = maskFormats();
  const format = formats.find((each) => each.format === asked.format) ?? formats[0];
  if (!format) return null;
  const from = asked.from ?? 0;
  const [dataset, { rows, next }] = await Promise.all([
    found(getDataset(datasetId)),
    found(previewMask(datasetId, { format: format.format, from, limit: SHOWN })),
  ]);
  const here = `/datasets/${datasetId}/mask?format=${format.format}`;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="What will be trained"
        back={{ href: `/datasets/${datasetId}#download`, label: dataset.name }}
        meta={format.mask.replaceAll("`", "")}
        action={
          <ButtonLink
            href={`/api/datasets/${datasetId}/export?format=${format.format}`}
            variant="primary"
            download
            prefetch={false}
          >
            Download the folder
          </ButtonLink>
        }
      />
      <FormatChoice datasetId={datasetId} formats={formats} chosen={format.format} />
      <Section
        title="Over the dataset"
        note={
          format.shape === "exploded"
            ? "a row per trained turn, with what came before as context: long trajectories weigh more, and cost more tokens"
            : "a row per example with a flag on every turn: one pass, the loss averaged over all trained tokens of the row"
        }
      >
        <Suspense key={format.format} fallback={<p className="text-sm text-ink-2">Counting every row…</p>}>
          <Counts dataset={dataset} format={format} />
        </Suspense>
      </Section>
      {rows.length === 0 ? (
        <EmptyState title="The dataset ends before this page" text="Go back to its first rows.">
          <ButtonLink href={here}>First rows</ButtonLink>
        </EmptyState>
      ) : (
        <section aria-label="Rows" className="flex flex-col gap-2">
          <p className="text-xs text-ink-3">
            rows as they are written: full text with a line carries the loss, dimmed text is context
          </p>
          <Panel>
            {rows.map((row, i) => (
              <MaskedRowView key={i} row={row} open={i === 0} />
            ))}
          </Panel>
        </section>
      )}
      <Pager
        label="Pages of rows"
        first={from === 0 ? null : here}
        next={next === null ? null : `${here}&from=${next}`}
      />
    </div>
  );
}

type Format = ReturnType<typeof maskFormats>[number];

async function Counts({ dataset, format }: { dataset: DatasetRow; format: Format }) {
  const counts = await countMask(dataset.datasetId, format.format);
  const { exampleCount, validationCount } = dataset;
  const of = { train: exampleCount - validationCount, validation: validationCount };
  return <MaskFacts counts={counts} of={of} truncation={format.truncation} />;
}
