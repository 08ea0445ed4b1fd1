/** `Downloads`: the trainers' formats, how each keeps the mask, and the files. */
import { Download } from "lucide-react";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/section";

type Format = { format: string; title: string; mask: string; fileName: string };

export function Downloads({ datasetId, formats }: { datasetId: number; formats: Format[] }) {
  return (
    <Section title="Download" note="one JSON object per line; the same dataset always gives the same bytes">
      <ul className="flex flex-col gap-4">
        {formats.map(({ format, title, mask }) => {
          const href = `/api/datasets/${datasetId}/export?format=${encodeURIComponent(format)}`;
          return (
            <li key={format} className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <div className="min-w-64 flex-1">
                <p className="text-sm font-medium">{title}</p>
                <p className="max-w-[80ch] text-xs text-ink-2">The mask: {mask.replaceAll("`", "")}</p>
              </div>
              <div className="flex gap-2">
                <ButtonLink href={href} download prefetch={false} aria-label={`Download ${title}`}>
                  <Download aria-hidden />
                  JSONL
                </ButtonLink>
                <ButtonLink
                  href={`${href}&part=provenance`}
                  download
                  prefetch={false}
                  variant="quiet"
                  aria-label={`Download the provenance of ${title}`}
                >
                  Provenance
                </ButtonLink>
              </div>
            </li>
          );
        })}
      </ul>
      <p className="mt-4 max-w-[90ch] text-xs text-ink-2">
        The provenance file says, line by line, which trajectory, run and rollout each message comes from,
        what the verdict was and who decided. Keep it beside the data.
      </p>
    </Section>
  );
}
