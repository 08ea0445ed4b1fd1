/** `UnderstoodTrajectories`: what a file of trajectories would give: counts, the first three, and what was rejected. */
import type { Rejection } from "@/lib/core/rows";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { Stat } from "@/components/ui/facts";
import { formatCount, plural } from "@/components/ui/numbers";
import { VisibleText } from "@/components/trajectory/text-block";
import { DraftView } from "./draft-view";
import { formatWords } from "./format-words";
import { Rejections } from "./rejections";

/** A file of an archive that is not imported, and why. */
type Skipped = { file: string; why: string };

type Preview = {
  format: string | null;
  records: number;
  more: boolean;
  accepted: number;
  solved: number;
  failed: number;
  unknown: number;
  environments: string[];
  drafts: TrajectoryDraft[];
  masks: string[];
  skipped: Skipped[];
  rejections: Rejection[];
};

export function UnderstoodTrajectories({ preview }: { preview: Preview }) {
  const rejected = preview.records - preview.accepted;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        <Stat
          name="Format"
          value={preview.format === null ? "not recognised" : formatWords(preview.format)}
        />
        <Stat
          name="Records"
          value={`${formatCount(preview.records)}${preview.more ? "+" : ""}`}
          note={preview.more ? "the file goes on" : "the whole file"}
        />
        <Stat name="Failed" value={formatCount(preview.failed)} note="these can be mined" />
        <Stat name="Solved" value={formatCount(preview.solved)} note="these can be cloned" />
        {preview.unknown > 0 ? (
          <Stat name="Outcome unknown" value={formatCount(preview.unknown)} note="neither mined nor cloned" />
        ) : null}
        <Stat name="Rejected" value={formatCount(rejected)} note={rejected > 0 ? "reasons below" : "none"} />
      </div>
      {preview.environments.length > 0 ? (
        <p className="text-sm text-ink-2">
          {plural(preview.environments.length, "environment")}:{" "}
          <span className="text-ink">{preview.environments.slice(0, 12).join(", ")}</span>
        </p>
      ) : null}
      {preview.masks.length > 0 ? (
        <p className="text-sm text-ink-2">
          The file says which replies to train on (
          <span className="font-mono">{preview.masks.join(", ")}</span>
          ). That is not imported: here, verdicts and reviews decide what is trained on.
        </p>
      ) : null}
      <SkippedFiles files={preview.skipped} />
      {preview.drafts.length > 0 ? (
        <section className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">The first as they were understood</h3>
          <div className="grid gap-3 xl:grid-cols-3">
            {preview.drafts.map((draft, i) => (
              <DraftView key={i} draft={draft} />
            ))}
          </div>
        </section>
      ) : null}
      <RejectedPart rows={preview.rejections} rejected={rejected} />
    </div>
  );
}

const FILES = 12;

/** Files of an archive that hold no trajectories. */
/** By reason: an archive has few of those, however many files. */
function SkippedFiles({ files }: { files: Skipped[] }) {
  const reasons = [...new Set(files.map(({ why }) => why))];
  if (reasons.length === 0) return null;
  return (
    <div className="text-sm [overflow-wrap:anywhere] text-ink-2">
      <p>Not imported:</p>
      <ul className="list-disc pl-5">
        {reasons.map((why) => {
          const names = files.flatMap((each) => (each.why === why ? [each.file] : []));
          const more = names.length > FILES ? `, and ${plural(names.length - FILES, "more", "more")}` : "";
          return (
            <li key={why}>
              <span className="font-mono">
                <VisibleText text={names.slice(0, FILES).join(", ")} />
              </span>
              {more}: {why}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function RejectedPart({ rows, rejected }: { rows: Rejection[]; rejected: number }) {
  if (rows.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-medium">
        Rejected: {plural(rejected, "record")}
        {rejected > rows.length ? `, the first ${rows.length} shown` : ""}
      </h3>
      <p className="text-xs text-ink-2">
        The good ones are stored all the same; these are kept with their line and reason.
      </p>
      <Rejections rows={rows} />
    </section>
  );
}
