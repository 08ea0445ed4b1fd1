"use client";
import { Button } from "@/components/ui/button";
import { useAct } from "../../use-act";
import { checkEnvironment } from "../actions";

/** Connects the environment now. What it says of itself, or why it cannot be reached, is on the page afterwards. */
export function CheckEnvironment({ environmentId }: { environmentId: number }) {
  const { pending, failure, act } = useAct();
  return (
    <>
      {failure ? (
        <span role="status" className="text-xs text-danger">
          not reachable
        </span>
      ) : null}
      <Button
        size="sm"
        disabled={pending}
        onClick={() =>
          act(
            () => checkEnvironment({ environmentId }),
            () => undefined,
          )
        }
      >
        {pending ? "Connecting…" : "Check now"}
      </Button>
    </>
  );
}
