"use client";
import { useState } from "react";
import { REVOKE_UNDO_MINUTES, type ApiTokenRow } from "@/lib/core/api-token";
import { TokenTable } from "@/components/api/token-table";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { useAct } from "../use-act";
import { changeToken } from "./actions";

/** The tokens that work; one revoked by mistake is taken back. */
export function TokenList({ rows }: { rows: ApiTokenRow[] }) {
  const { pending, failure, act } = useAct();
  const [revoked, setRevoked] = useState<Pick<ApiTokenRow, "tokenId" | "name"> | null>(null);
  const revoke = ({ tokenId, name }: ApiTokenRow) =>
    act(
      () => changeToken({ tokenId, revoked: true }),
      () => setRevoked({ tokenId, name }),
    );
  const restore = (tokenId: number) =>
    act(
      () => changeToken({ tokenId, revoked: false }),
      () => setRevoked(null),
    );
  return (
    <div className="flex flex-col gap-2">
      {rows.length === 0 ? (
        <p className="text-sm text-ink-2">No token yet. Name one above, and send it with every request.</p>
      ) : (
        <TokenTable rows={rows} pending={pending} onRevoke={revoke} />
      )}
      <p role="status" className="flex min-h-6 items-center gap-1.5 text-xs text-ink-2">
        {revoked ? (
          <>
            Token “{revoked.name}” is revoked. This can be taken back for {REVOKE_UNDO_MINUTES} minutes.
            <Button size="sm" disabled={pending} onClick={() => restore(revoked.tokenId)}>
              Undo
            </Button>
          </>
        ) : null}
      </p>
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
