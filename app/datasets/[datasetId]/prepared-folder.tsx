"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { DatasetExportRow } from "@/lib/core/dataset-export";
import { PreparedExport } from "@/components/dataset/prepared-export";
import { FailureNote } from "@/components/ui/failure-note";
import { useAct } from "../../use-act";
import { cancelExport, prepareExport, removeExport } from "./actions";
import { exportsQuery } from "./queries";

type Props = {
  datasetId: number;
  format: string;
  title: string;
  /** Whether the dataset is large enough for a file to be the better way. */
  suggested: boolean;
  /** As it was when the page was made. */
  exports: DatasetExportRow[];
};

/** The prepared file of a dataset in one format: asks for it, follows it, and gives the link. */
export function PreparedFolder({ datasetId, format, title, suggested, exports }: Props) {
  const client = useQueryClient();
  const query = exportsQuery(datasetId);
  const { data = exports } = useQuery({ ...query, initialData: exports });
  const { pending, failure, act } = useAct();
  const box = useRef<HTMLDivElement>(null);
  const row = data.find((each) => each.format === format) ?? null;
  /** What was pressed is about to go: the keyboard stays where it was. */
  const again = () => {
    box.current?.focus();
    void client.invalidateQueries({ queryKey: query.queryKey });
  };
  const waits = row !== null && row.state !== "cancelled";
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label={`Prepared folder: ${title}`}
      className={waits || failure ? "flex w-full flex-col gap-2" : "flex"}
    >
      <PreparedExport
        title={title}
        row={row}
        href={row ? `/api/datasets/${datasetId}/exports/${row.exportId}` : ""}
        suggested={suggested}
        pending={pending}
        onPrepare={() => act(() => prepareExport({ datasetId, format }), again)}
        onCancel={(exportId) => act(() => cancelExport({ exportId }), again)}
        onRemove={(exportId) => act(() => removeExport({ exportId }), again)}
      />
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
