"use client";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";

type Props = {
  upload: { fileName: string; bytes: number };
  busy: boolean;
  disabled: boolean;
  note: string | undefined;
  fields: ReactNode;
  onStore: () => void;
  onForget: () => void;
  children: ReactNode;
};

/** A file's size as people read it. */
function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB"] as const;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1] ?? "kB"}`;
}

/** The two halves of storing a file: what is said of it, and what was understood. */
export function StoreFrame({ upload, busy, disabled, note, fields, onStore, onForget, children }: Props) {
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[340px_minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        onStore();
      }}
    >
      <Section title={upload.fileName} note={sizeWords(upload.bytes)}>
        <div className="flex flex-col gap-5">
          {fields}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" disabled={busy || disabled}>
              {busy ? "Storing…" : "Store"}
            </Button>
            <Button variant="quiet" onClick={onForget}>
              Another file
            </Button>
          </div>
        </div>
      </Section>
      <Section title="What was understood" note={note}>
        <div className="flex flex-col gap-4" aria-live="polite">
          {children}
        </div>
      </Section>
    </form>
  );
}
