"use client";
/**
 * `Dialog`: controlled, for deleting and for reference sheets; anything undoable gets no dialog.
 * `open`, `onOpenChange(open)`, `title`; children are the body with its own buttons.
 */
import { Dialog as Primitive } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";

export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
}) {
  return (
    <Primitive.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <Primitive.Portal>
        <Primitive.Backdrop className="fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.4)]" />
        <Primitive.Popup className="fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(640px,calc(100vw-48px))] -translate-x-1/2 overflow-y-auto rounded border border-line-strong bg-surface outline-none">
          <header className="sticky top-0 flex items-center gap-4 border-b border-line bg-surface px-4 py-2">
            <Primitive.Title className="text-lg font-semibold">{props.title}</Primitive.Title>
            <Primitive.Close
              aria-label="Close"
              className="ml-auto grid size-8 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink"
            >
              <X aria-hidden className="size-4" />
            </Primitive.Close>
          </header>
          <div className="p-4">{props.children}</div>
        </Primitive.Popup>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
