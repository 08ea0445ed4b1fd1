import type { Metadata } from "next";
import { verificationEntries, verificationView } from "@/lib/server/reads";
import { EntryTable } from "@/components/replay/entry-table";
import { Pager } from "@/components/ui/pager";
import { cursorIn } from "../../cursor";
import { found, idOf } from "../../found";
import type { SearchParams } from "../../address";
import { VerificationDesk } from "./verification-desk";

type Props = { params: Promise<{ verificationId: string }>; searchParams: Promise<SearchParams> };

export const metadata: Metadata = { title: "Replay check" };

export default async function ReplayPage({ params, searchParams }: Props) {
  const verificationId = idOf((await params).verificationId);
  const cursor = cursorIn(await searchParams);
  const view = await found(verificationView(verificationId));
  const entries = await found(verificationEntries(verificationId, cursor));
  const here = `/replays/${verificationId}`;
  return (
    <VerificationDesk key={verificationId} initial={view}>
      <EntryTable rows={entries.rows} />
      <Pager
        label="Pages of trajectories"
        first={cursor === null ? null : here}
        next={entries.next === null ? null : `${here}?cursor=${encodeURIComponent(entries.next)}`}
      />
    </VerificationDesk>
  );
}
