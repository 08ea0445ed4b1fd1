"use client";
import type { CappedCount } from "@/lib/core/rows";
import { Button, ButtonLink } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { formatCapped, formatCount } from "@/components/ui/numbers";
import { VerifyReplay } from "../replays/verify-replay";
import { AskCriticAbout, type Critics } from "./ask-critic";
import { Order } from "./order";
import { printView, type ListView } from "./filter";

/** What can be done with the selected trajectories, or with all that match. */
export function SelectionBar(props: {
  chosen: number[];
  count: CappedCount;
  view: ListView;
  critics: Critics;
  onClear: () => void;
}) {
  const { chosen, count, view, critics, onClear } = props;
  const selection = chosen.length > 0 ? { trajectoryIds: chosen } : { filter: view.filter };
  const some = chosen.length > 0;
  const query = some ? `ids=${chosen.join(",")}` : printView({ ...view, cursors: [] });
  const to = (path: string) => (query === "" ? path : `${path}?${query}`);
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2 text-sm text-ink-2">
      <span role="status">
        {some ? `${formatCount(chosen.length)} selected` : `All ${formatCapped(count)} matching`}
      </span>
      <ButtonLink size="sm" variant={some ? "primary" : "secondary"} href={to("/runs/new")}>
        {some ? "Mine selected…" : "Mine all matching…"}
      </ButtonLink>
      <ButtonLink size="sm" href={to("/datasets/new")}>
        Freeze dataset…
      </ButtonLink>
      {some ? null : (
        <ButtonLink size="sm" href={to("/queues/new")}>
          Make a queue of these…
        </ButtonLink>
      )}
      <VerifyReplay
        selection={selection}
        words={some ? "Verify replay of selected" : "Verify replay of all matching"}
      />
      <AskCriticAbout critics={critics} selection={selection} />
      {some ? (
        <Button size="sm" variant="quiet" onClick={onClear}>
          Clear
        </Button>
      ) : null}
      <span className="ml-auto hidden items-center gap-1.5 text-xs text-ink-3 min-[1400px]:flex">
        <Kbd>j</Kbd>
        <Kbd>k</Kbd> move <Kbd>Enter</Kbd> open <Kbd>s</Kbd> select
      </span>
      <Order view={view} />
    </div>
  );
}
