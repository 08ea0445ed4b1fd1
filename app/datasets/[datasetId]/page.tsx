import type { Metadata } from "next";
import { z } from "zod";
import { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits } from "@/lib/core/dataset-split";
import { exampleKinds } from "@/lib/core/example";
import type { DatasetRow } from "@/lib/core/rows";
import { EXPORT_LARGE } from "@/lib/core/dataset-export";
import { datasetExports } from "@/lib/server/dataset-exports";
import { exportFormats } from "@/lib/server/exports";
import { datasetIteration, datasetPart, datasetVersions, getDataset } from "@/lib/server/reads";
import { DatasetCardView } from "@/components/dataset/dataset-card";
import { policyWords } from "@/components/dataset/dataset-words";
import { Downloads } from "@/components/dataset/downloads";
import { ExampleFilter } from "@/components/dataset/example-filter";
import { ExampleView } from "@/components/dataset/example-view";
import { ButtonLink } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Fact, Facts } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Panel, Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { found, idOf } from "../../found";
import { readAddress, type SearchParams } from "../../address";
import { PreparedFolder } from "./prepared-folder";
import { Versions } from "./versions";

type Props = { params: Promise<{ datasetId: string }>; searchParams: Promise<SearchParams> };

const SHOWN = 10;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dataset ${(await params).datasetId}` };
}

/** Which examples an address asks for: from this one on, of one split or kind. */
const Address = z.object({
  from: z.coerce.number().int().min(0).max(2_000_000_000).catch(0),
  split: z.enum(datasetSplits).nullable().catch(null),
  kind: z.enum(exampleKinds).nullable().catch(null),
});

export default async function DatasetPage({ params, searchParams }: Props) {
  const datasetId = idOf((await params).datasetId);
  const { from, split, kind } = readAddress(Address, await searchParams);
  const dataset = await found(getDataset(datasetId));
  const part = { from, limit: SHOWN, ...(split ? { split } : {}), ...(kind ? { kind } : {}) };
  const [{ rows, next }, versions, iteration, exports] = await Promise.all([
    datasetPart(datasetId, part),
    datasetVersions(dataset.name),
    datasetIteration(datasetId),
    datasetExports(datasetId),
  ]);
  const card = DatasetCard.parse(dataset.card);
  const here = `/datasets/${datasetId}`;
  const address = (change: { from?: number; split?: string | null; kind?: string | null }) =>
    addressOf(here, { split, kind, ...change });
  return (
    <div className="flex flex-col gap-4">
      <Head dataset={dataset} />
      <Section title="What is in it">
        <DatasetCardView card={card} />
      </Section>
      <Versions dataset={dataset} versions={versions} iteration={iteration} />
      <div id="download">
        <Downloads
          datasetId={datasetId}
          exampleCount={dataset.exampleCount}
          formats={exportFormats()}
          prepared={({ format, title }) => (
            <PreparedFolder
              datasetId={datasetId}
              format={format}
              title={title}
              suggested={dataset.exampleCount >= EXPORT_LARGE}
              exports={exports}
            />
          )}
        />
      </div>
      <section aria-labelledby="examples" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-3">
          <h2 id="examples" className="text-base font-semibold">
            Examples
          </h2>
          <p className="text-xs text-ink-3">
            exactly what is trained: full text carries the loss, dimmed text is context
          </p>
          <ExampleFilter dataset={dataset} card={card} split={split} kind={kind} address={address} />
        </div>
        <Panel>
          {rows.map(({ example, exampleIndex, split: of }, i) => (
            <ExampleView
              key={exampleIndex}
              example={example}
              index={exampleIndex}
              split={of}
              open={i === 0}
            />
          ))}
          {rows.length === 0 ? <p className="px-4 py-3 text-sm text-ink-2">None here.</p> : null}
        </Panel>
        <Pager
          label="Pages of examples"
          first={from === 0 ? null : address({})}
          next={next === null ? null : address({ from: next })}
        />
      </section>
    </div>
  );
}

/** The address of this page with some of its examples. */
function addressOf(here: string, asked: Record<string, string | number | null | undefined>): string {
  const said = Object.entries(asked).flatMap(([name, value]) =>
    (value ?? null) === null ? [] : [`${name}=${value}`],
  );
  return `${here}${said.length > 0 ? `?${said.join("&")}` : ""}#examples`;
}

function Head({ dataset }: { dataset: DatasetRow }) {
  return (
    <PageHeader
      title={dataset.name}
      back={{ href: "/datasets", label: "Datasets" }}
      meta={
        <Facts>
          <Fact name="version">{dataset.version}</Fact>
          <Fact name="content">
            <CopyText
              text={dataset.contentHash}
              shown={dataset.contentHash.slice(0, 16)}
              name="content hash"
            />
          </Fact>
          <Fact name="expert actions">{policyWords[dataset.reviewPolicy].word}</Fact>
          <Fact name="by">{dataset.createdBy}</Fact>
          <Fact name="frozen">
            <Time at={dataset.createdAt} />
          </Fact>
        </Facts>
      }
      action={
        <>
          <ButtonLink href={`/training/new?dataset=${dataset.datasetId}`}>Train…</ButtonLink>
          <ButtonLink href="#download" variant="primary">
            Download
          </ButtonLink>
        </>
      }
    />
  );
}
