"use client";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import type { Chosen } from "../selection";
import { useAct } from "../use-act";
import { verifyReplays } from "./actions";

/** Starts replaying the chosen trajectories and goes to where it can be followed. */
export function VerifyReplay({ selection, words }: { selection: Chosen; words: string }) {
  const router = useRouter();
  const { pending, failure, act } = useAct();
  return (
    <>
      <Button
        size="sm"
        disabled={pending}
        title="Take the recorded actions again and compare every observation and reward"
        onClick={() =>
          act(
            () => verifyReplays({ selection }),
            ({ verificationId }) => router.push(`/replays/${verificationId}`),
          )
        }
      >
        {pending ? "Starting…" : words}
      </Button>
      {failure ? (
        <span role="alert" className="text-xs text-danger">
          {failure.message}
        </span>
      ) : null}
    </>
  );
}
