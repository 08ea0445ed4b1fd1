/** `UnreadSteps`: says that steps in sight could not be loaded, with a way to try again; nothing while all is well. */
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";

export type Unread = { message: string; retry: () => void };

export function UnreadSteps({ failure }: { failure: Unread | null }) {
  if (failure === null) return null;
  return (
    <ErrorNote message={`Some steps could not be loaded. ${failure.message}`}>
      <Button size="sm" onClick={failure.retry}>
        Try again
      </Button>
    </ErrorNote>
  );
}
