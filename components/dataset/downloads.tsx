/** `Downloads`: every target by what people use, how each keeps the mask and cuts long rows, and its files. */
import { Download, Eye, FolderDown } from "lucide-react";
import type { ReactNode } from "react";
import { EXPORT_KEPT_DAYS, EXPORT_LARGE } from "@/lib/core/dataset-export";
import { exportFamilies, familyWords, shapeWords, truncationSentence } from "@/lib/core/export-words";
import type { Exporter } from "@/lib/core/ports";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { formatCount, plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

type Format = Pick<Exporter, "format" | "title" | "family" | "shape" | "mask" | "truncation" | "command"> & {
  hasSidecar: boolean;
};

/** Families in the order of the picker, each with its targets. */
const families = (formats: Format[]) =>
  exportFamilies.map((family) => ({ family, of: formats.filter((each) => each.family === family) }));

type Props = {
  datasetId: number;
  exampleCount: number;
  formats: Format[];
  /** What prepares a format’s folder as a file, beside its direct download. */
  prepared: (target: Pick<Format, "format" | "title">) => ReactNode;
};

export function Downloads({ datasetId, exampleCount, formats, prepared }: Props) {
  return (
    <Section
      title="Download"
      note="a folder that trains what it says; the same dataset always gives the same bytes"
    >
      <div className="flex flex-col gap-5">
        {families(formats).map(({ family, of }) => (
          <section key={family} aria-labelledby={`downloads-${family}`}>
            <h3 id={`downloads-${family}`} className="text-xs font-semibold text-ink-2">
              {familyWords[family]}
            </h3>
            <ul className="mt-1 divide-y divide-line border-y border-line">
              {of.map((each) => (
                <Target key={each.format} datasetId={datasetId} target={each}>
                  {prepared(each)}
                </Target>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <dl className="mt-4 grid max-w-[100ch] grid-cols-[max-content_1fr] gap-x-3 gap-y-1 text-xs text-ink-2">
        <dt className="font-medium">masked rows</dt>
        <dd>{shapeWords.masked.meaning}</dd>
        <dt className="font-medium">exploded rows</dt>
        <dd>{shapeWords.exploded.meaning}</dd>
        <dt className="font-medium">prepared</dt>
        <dd>
          A worker writes the folder to a file first. Its download has a size and a checksum, and goes on
          where it broke off; a direct download begins at once, and anew. Prepare it from{" "}
          {formatCount(EXPORT_LARGE)} examples on; this dataset has {plural(exampleCount, "example")}. The
          file is kept for {EXPORT_KEPT_DAYS} days after its last download.
        </dd>
        <dt className="font-medium">provenance</dt>
        <dd>
          Line by line, which trajectory, run and rollout each message comes from, what the verdict was and
          who decided. Every folder holds it; keep it beside the data.
        </dd>
      </dl>
    </Section>
  );
}

type TargetProps = { datasetId: number; target: Format; children: ReactNode };

function Target({ datasetId, target, children }: TargetProps) {
  const { format, title, shape, mask, truncation, command, hasSidecar } = target;
  const href = `/api/datasets/${datasetId}/export?format=${encodeURIComponent(format)}`;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2">
      <div className="min-w-64 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {title}
          <Badge tone="neutral">{shapeWords[shape].word}</Badge>
        </p>
        <p className="max-w-[90ch] text-xs text-ink-2">The mask: {mask.replaceAll("`", "")}</p>
        {truncation ? (
          <p className="max-w-[90ch] text-xs text-ink-2">Long rows: {truncationSentence(truncation)}</p>
        ) : null}
        {command ? (
          <p className="max-w-[90ch] truncate font-mono text-xs text-ink-3" title={command}>
            {command.replaceAll("\\\n", "")}
          </p>
        ) : null}
      </div>
      <div className="flex flex-wrap gap-2">
        <ButtonLink
          href={href}
          download
          prefetch={false}
          size="sm"
          aria-label={`Download ${title} as a folder`}
        >
          <FolderDown aria-hidden />
          Folder
        </ButtonLink>
        <ButtonLink
          href={`${href}&part=rows`}
          download
          prefetch={false}
          variant="quiet"
          size="sm"
          aria-label={`Download ${title}, data only`}
        >
          <Download aria-hidden />
          Data only
        </ButtonLink>
        {shape === "masked" || shape === "exploded" ? (
          <ButtonLink
            href={`/datasets/${datasetId}/mask?format=${encodeURIComponent(format)}`}
            variant="quiet"
            size="sm"
            aria-label={`See what is trained by ${title}`}
          >
            <Eye aria-hidden />
            See what is trained
          </ButtonLink>
        ) : null}
        {hasSidecar ? (
          <ButtonLink
            href={`${href}&part=provenance`}
            download
            prefetch={false}
            variant="quiet"
            size="sm"
            aria-label={`Download the provenance of ${title}`}
          >
            Provenance
          </ButtonLink>
        ) : null}
      </div>
      {children}
    </li>
  );
}
