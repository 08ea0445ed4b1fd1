import type { Metadata } from "next";
import { DatasetCard } from "@/lib/core/dataset";
import { exportFormats } from "@/lib/server/exports";
import { datasetExamples, getDataset } from "@/lib/server/reads";
import { DatasetCardView } from "@/components/dataset/dataset-card";
import { policyWords } from "@/components/dataset/dataset-words";
import { Downloads } from "@/components/dataset/downloads";
import { ExampleView } from "@/components/dataset/example-view";
import { ButtonLink } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Panel, Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";

type Props = { params: Promise<{ datasetId: string }>; searchParams: Promise<SearchParams> };

const SHOWN = 10;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dataset ${(await params).datasetId}` };
}

/** The first example an address asks for, 0-based. */
function firstOf({ from }: SearchParams): number {
  return typeof from === "string" && /^\d{1,9}$/.test(from) ? Number(from) : 0;
}

export default async function DatasetPage({ params, searchParams }: Props) {
  const datasetId = idOf((await params).datasetId);
  const from = firstOf(await searchParams);
  const dataset = await found(getDataset(datasetId));
  const examples = (await datasetExamples(datasetId, from)).slice(0, SHOWN);
  const here = `/datasets/${datasetId}`;
  const after = from + SHOWN;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={dataset.name}
        back={{ href: "/datasets", label: "Datasets" }}
        meta={
          <Facts>
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
            <ButtonLink href={`/training/new?dataset=${datasetId}`}>Train…</ButtonLink>
            <ButtonLink href="#download" variant="primary">
              Download
            </ButtonLink>
          </>
        }
      />
      <Section title="What is in it">
        <DatasetCardView card={DatasetCard.parse(dataset.card)} />
      </Section>
      <div id="download">
        <Downloads datasetId={datasetId} formats={exportFormats()} />
      </div>
      <section aria-labelledby="examples" className="flex flex-col gap-2">
        <div className="flex items-baseline gap-3">
          <h2 id="examples" className="text-base font-semibold">
            Examples
          </h2>
          <p className="text-xs text-ink-3">
            exactly what is trained: full text carries the loss, dimmed text is context
          </p>
          <p className="ml-auto text-xs text-ink-2">
            {examples.length === 0
              ? "none here"
              : `${formatCount(from + 1)}–${formatCount(from + examples.length)} of ${formatCount(dataset.exampleCount)}`}
          </p>
        </div>
        <Panel>
          {examples.map((example, i) => (
            <ExampleView key={from + i} example={example} index={from + i} open={i === 0} />
          ))}
        </Panel>
        <Pager
          label="Pages of examples"
          first={from === 0 ? null : `${here}#examples`}
          next={after < dataset.exampleCount ? `${here}?from=${after}#examples` : null}
        />
      </section>
    </div>
  );
}
