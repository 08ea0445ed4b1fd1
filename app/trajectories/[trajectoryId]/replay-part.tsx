"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReviewRows } from "@/lib/core/review-rows";
import { DivergenceView } from "@/components/trajectory/divergence-view";
import { ReplayBadge } from "@/components/trajectory/replay-badge";
import { VisibleText } from "@/components/trajectory/text-block";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { plural } from "@/components/ui/numbers";
import { Part } from "@/components/ui/part";
import { Time } from "@/components/ui/time";
import { verifyReplays } from "../../replays/actions";
import { verificationQuery } from "../../replays/queries";
import { useAct } from "../../use-act";
import { useRefreshed } from "../../use-refreshed";

/** How faithful this trajectory's replay is, both sides of the first difference, and a way to replay it now. */
export function ReplayPart({ rows }: { rows: ReviewRows }) {
  const { trajectory, replay } = rows;
  const [verificationId, setVerificationId] = useState<number | null>(null);
  const { pending, failure, act } = useAct();
  const { data } = useQuery({ ...verificationQuery(verificationId ?? 0), enabled: verificationId !== null });
  const running = pending || (verificationId !== null && data?.state !== "done");
  useRefreshed(`${verificationId ?? ""} ${data?.state ?? ""}`);
  const verify = () =>
    act(
      () => verifyReplays({ selection: { trajectoryIds: [trajectory.trajectoryId] } }),
      (started) => setVerificationId(started.verificationId),
    );
  return (
    <div id="replay">
      <Part
        title="Replay"
        actions={
          replay.state === "not_replayable" ? null : (
            <Button size="sm" variant="quiet" disabled={running} onClick={verify}>
              {running ? "Replaying…" : "Verify replay"}
            </Button>
          )
        }
      >
        <div className="flex flex-col gap-2">
          <p className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
            <ReplayBadge state={replay.state} />
            <Compared replay={replay} />
          </p>
          {failure ? <FailureNote failure={failure} /> : null}
          {data && data.outcomes.errored > 0 ? (
            <FailureNote
              failure={{
                message: "The replay broke, which says nothing about the trajectory.",
                fix: "Its replay check says why.",
              }}
            />
          ) : null}
          {replay.divergence ? <DivergenceView divergence={replay.divergence} /> : null}
          {replay.error && !replay.divergence ? (
            <p className="text-sm text-ink-2">
              <VisibleText text={replay.error} />
            </p>
          ) : null}
        </div>
      </Part>
    </div>
  );
}

function Compared({ replay }: Pick<ReviewRows, "replay">) {
  const { observations, rewards } = replay.recorded;
  const what = `${plural(observations, "observation")} and ${plural(rewards, "reward")}`;
  if (replay.state === "unchecked") return <span>{what} recorded to compare with</span>;
  if (replay.state === "not_replayable") return null;
  return (
    <span>
      {what} recorded
      {replay.checkedAt ? (
        <>
          {" · replayed "}
          <Time at={replay.checkedAt} />
        </>
      ) : null}
    </span>
  );
}
