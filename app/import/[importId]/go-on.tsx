"use client";
import { useRef, useState } from "react";
import type { ImportRow } from "@/lib/core/rows";
import { Button } from "@/components/ui/button";
import { FailureNote, type Failed } from "@/components/ui/failure-note";
import { formatPercent } from "@/components/ui/numbers";
import { failedOf, sendFile, storeUpload } from "../requests";

/** An import of trajectories that broke off goes on from the same file; what is stored of it is not stored again. */
export function GoOn({ row, onBegun }: { row: ImportRow; onBegun: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const send = async (file: File) => {
    setFailed(null);
    setShare(0);
    try {
      const { upload } = await sendFile(file, setShare, new AbortController().signal);
      await storeUpload(upload.uploadId, { resume: row.importId });
      onBegun();
    } catch (error) {
      setFailed(failedOf(error));
    }
    setShare(null);
  };
  return (
    <div className="flex flex-col gap-3">
      {failed ? <FailureNote failure={failed} /> : null}
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <p className="mr-auto text-ink-2" aria-live="polite">
          {share !== null
            ? `Sending the file: ${formatPercent(share)}`
            : row.state === "failed"
              ? "Send the same file again to go on where this import stopped."
              : "If the counts stand still because the server was stopped, send the same file again to go on."}
        </p>
        <input
          ref={input}
          type="file"
          aria-label={`The same file again: ${row.fileName}`}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) void send(file);
          }}
        />
        <Button disabled={share !== null} onClick={() => input.current?.click()}>
          Send {row.fileName.length > 40 ? "the file" : row.fileName} again
        </Button>
      </div>
    </div>
  );
}
