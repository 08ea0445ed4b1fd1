/**
 * `PreparedExport`: a folder that is written to a file before it is downloaded: the button that asks for it, how far it is,
 * the link with size and checksum, or why it failed and what to do.
 */
import { FolderCheck, FolderClock } from "lucide-react";
import { isExportOpen, type DatasetExportRow } from "@/lib/core/dataset-export";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { ErrorNote } from "@/components/ui/error-note";
import { formatBytes, formatCount, plural } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { exactTime } from "@/components/ui/time";

type Shown = Pick<
  DatasetExportRow,
  | "exportId"
  | "state"
  | "examples"
  | "exampleCount"
  | "bytes"
  | "sha256"
  | "expiresAt"
  | "error"
  | "fileName"
  | "version"
>;

type Props = {
  /** What the format is called. */
  title: string;
  /** null where nobody asked for one. */
  row: Shown | null;
  /** Where its file is once it is done. */
  href: string;
  suggested: boolean;
  pending: boolean;
  onPrepare: () => void;
  onCancel: (exportId: number) => void;
  onRemove: (exportId: number) => void;
};

export function PreparedExport(props: Props) {
  const { title, row, href, suggested, pending, onPrepare, onCancel, onRemove } = props;
  if (row === null || row.state === "cancelled")
    return (
      <Button
        size="sm"
        variant={suggested ? "secondary" : "quiet"}
        disabled={pending}
        onClick={onPrepare}
        aria-label={`Prepare the folder: ${title}`}
      >
        <FolderClock aria-hidden />
        Prepare the folder
      </Button>
    );
  if (isExportOpen(row.state))
    return <Progress title={title} row={row} pending={pending} onCancel={() => onCancel(row.exportId)} />;
  if (row.state === "failed")
    return (
      <div className="flex w-full flex-col items-start gap-2">
        <ErrorNote
          message={`${title} was not prepared: ${row.error?.message ?? "nobody said why"}`}
          fix={row.error?.fix ?? undefined}
        />
        <div className="flex gap-2">
          <Button size="sm" disabled={pending} onClick={onPrepare} aria-label={`Prepare again: ${title}`}>
            Prepare again
          </Button>
          <Remove title={title} pending={pending} onRemove={() => onRemove(row.exportId)} />
        </div>
      </div>
    );
  const remove = () => onRemove(row.exportId);
  return <Ready title={title} row={row} href={href} pending={pending} onRemove={remove} />;
}

function Progress(props: { title: string; row: Shown; pending: boolean; onCancel: () => void }) {
  const { title, row, pending, onCancel } = props;
  const { state, examples, exampleCount, bytes } = row;
  return (
    <div className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">
      <div className="w-48">
        <ProgressBar
          label={`Preparing ${title}`}
          total={exampleCount}
          parts={[{ count: examples, tone: "accent", word: "examples written" }]}
        />
      </div>
      <span className="tabular-nums">
        {state === "queued"
          ? "waits for a worker"
          : `${formatCount(examples)} of ${plural(exampleCount, "example")}, ${formatBytes(bytes)}`}
      </span>
      <Button
        size="sm"
        variant="quiet"
        disabled={pending}
        onClick={onCancel}
        aria-label={`Cancel preparing ${title}`}
      >
        Cancel
      </Button>
    </div>
  );
}

type ReadyProps = { title: string; row: Shown; href: string; pending: boolean; onRemove: () => void };

function Ready({ title, row, href, pending, onRemove }: ReadyProps) {
  const { bytes, sha256, expiresAt, fileName, version } = row;
  return (
    <div className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2" role="status">
      {/* Not a Link: a file of any size must not be fetched ahead. */}
      <a
        href={href}
        download={fileName}
        title={fileName}
        aria-label={`Download the folder: ${title}, prepared, ${formatBytes(bytes)}`}
        className="inline-flex items-center gap-1 font-medium text-accent underline underline-offset-2"
      >
        <FolderCheck aria-hidden className="size-3.5" />
        Download the folder
      </a>
      <span className="tabular-nums">{formatBytes(bytes)}</span>
      <span className="inline-flex items-center gap-1">
        SHA-256{" "}
        <CopyText text={sha256 ?? ""} shown={(sha256 ?? "").slice(0, 12)} name={`SHA-256 of ${title}`} />
      </span>
      <span>
        can be resumed · by Gleaner {version}
        {expiresAt ? ` · kept until ${exactTime(expiresAt)}` : ""}
      </span>
      <Remove title={title} pending={pending} onRemove={onRemove} />
    </div>
  );
}

function Remove({ title, pending, onRemove }: { title: string; pending: boolean; onRemove: () => void }) {
  return (
    <Button
      size="sm"
      variant="quiet"
      disabled={pending}
      onClick={onRemove}
      aria-label={`Remove the folder that was prepared: ${title}`}
    >
      Remove
    </Button>
  );
}
