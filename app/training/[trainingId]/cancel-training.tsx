"use client";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { useAct } from "../../use-act";
import { cancelTraining } from "../actions";

/** Asks a training to end. */
export function CancelTraining({ trainingId }: { trainingId: number }) {
  const { pending, failure, act } = useAct();
  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      <Button
        variant="danger"
        disabled={pending}
        onClick={() =>
          act(
            () => cancelTraining({ trainingId }),
            () => undefined,
          )
        }
      >
        Cancel the training
      </Button>
    </>
  );
}
