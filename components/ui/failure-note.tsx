/** `FailureNote`: an `ErrorNote` for what an action or route answered; lists of bad fields keep their lines. */
import type { ReactNode } from "react";
import { ErrorNote } from "./error-note";

export type Failed = { message: string; fix?: string | undefined };

export function FailureNote({ failure, children }: { failure: Failed; children?: ReactNode }) {
  return (
    <ErrorNote message={<span className="whitespace-pre-line">{failure.message}</span>} fix={failure.fix}>
      {children}
    </ErrorNote>
  );
}
