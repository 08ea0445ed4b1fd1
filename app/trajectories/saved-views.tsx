"use client";
import { Bookmark, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState, type ReactNode } from "react";
import type { SavedView } from "@/lib/core/saved-view";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { FailureNote } from "@/components/ui/failure-note";
import { useAct } from "../use-act";
import { changeView, saveView } from "./actions";
import { viewHref, type ListView } from "./filter";
import { ViewName } from "./view-name";

type Doing = { what: "nothing" } | { what: "saving" } | { what: "renaming"; viewId: number };
type Done = Pick<SavedView, "viewId" | "name"> | null;

/** The team's named views, one click each. The address stays the truth: a view is only a shorter way to write it. */
export function SavedViews({ view, views }: { view: ListView; views: SavedView[] }) {
  const { pending, failure, act } = useAct();
  const [doing, setDoing] = useState<Doing>({ what: "nothing" });
  const [deleted, setDeleted] = useState<Done>(null);
  const here = viewHref("/trajectories", view);
  const shown = views.find((saved) => viewHref("/trajectories", saved) === here);
  const finish = () => setDoing({ what: "nothing" });
  const save = (name: string) => act(() => saveView({ name, filter: view.filter, sort: view.sort }), finish);
  const rename = (viewId: number, name: string) => act(() => changeView({ viewId, name }), finish);
  const remove = ({ viewId, name }: SavedView) =>
    act(
      () => changeView({ viewId, deleted: true }),
      () => setDeleted({ viewId, name }),
    );
  const restore = (viewId: number) =>
    act(
      () => changeView({ viewId, deleted: false }),
      () => setDeleted(null),
    );
  return (
    <section aria-label="Saved views" className="flex flex-col gap-2">
      <div className="flex min-h-6 flex-wrap items-center gap-1.5">
        {views.map((saved) =>
          doing.what === "renaming" && doing.viewId === saved.viewId ? (
            <ViewName
              key={saved.viewId}
              name={saved.name}
              pending={pending}
              onName={(name) => rename(saved.viewId, name)}
              onCancel={finish}
            />
          ) : (
            <ViewChip
              key={saved.viewId}
              saved={saved}
              shown={saved === shown}
              pending={pending}
              onRename={() => setDoing({ what: "renaming", viewId: saved.viewId })}
              onDelete={() => remove(saved)}
            />
          ),
        )}
        {doing.what === "saving" ? (
          <ViewName name="" pending={pending} onName={save} onCancel={finish} />
        ) : shown ? null : (
          <Button size="sm" variant="quiet" onClick={() => setDoing({ what: "saving" })}>
            <Bookmark aria-hidden /> Save view…
          </Button>
        )}
        <span role="status" className="flex items-center gap-1.5 text-xs text-ink-2">
          {deleted ? (
            <>
              View “{deleted.name}” deleted.
              <Button size="sm" disabled={pending} onClick={() => restore(deleted.viewId)}>
                Undo
              </Button>
            </>
          ) : null}
        </span>
      </div>
      {failure ? <FailureNote failure={failure} /> : null}
    </section>
  );
}

function ViewChip(props: {
  saved: SavedView;
  shown: boolean;
  pending: boolean;
  onRename: () => void;
  onDelete: () => void;
}) {
  const { saved, shown, pending, onRename, onDelete } = props;
  return (
    <span
      className={cx(
        "inline-flex h-6 max-w-[40ch] items-center rounded-sm border text-xs",
        shown ? "border-accent-line bg-accent-soft" : "border-line bg-surface hover:bg-hover",
      )}
    >
      <Link
        href={viewHref("/trajectories", saved)}
        aria-current={shown ? "page" : undefined}
        title={`Saved by ${saved.createdBy}`}
        className="truncate px-2 font-medium text-ink"
      >
        {saved.name}
      </Link>
      {shown ? (
        <>
          <IconButton label={`Rename view ${saved.name}`} disabled={pending} onClick={onRename}>
            <Pencil aria-hidden className="size-3" />
          </IconButton>
          <IconButton label={`Delete view ${saved.name}`} disabled={pending} onClick={onDelete}>
            <Trash2 aria-hidden className="size-3" />
          </IconButton>
        </>
      ) : null}
    </span>
  );
}

function IconButton(props: { label: string; disabled: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
      className="grid size-6 place-items-center text-ink-2 hover:text-ink"
    >
      {props.children}
    </button>
  );
}
