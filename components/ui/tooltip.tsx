"use client";
/** `Tooltip`: a few explaining words on hover and focus of `children` (one element). Never the only place of a fact. */
import { Tooltip as Primitive } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

export function Tooltip({ text, children }: { text: ReactNode; children: ReactElement }) {
  return (
    <Primitive.Root>
      <Primitive.Trigger render={children} delay={300} />
      <Primitive.Portal>
        <Primitive.Positioner sideOffset={6} className="z-50">
          <Primitive.Popup className="max-w-[40ch] rounded border border-line-strong bg-surface px-2 py-1 text-xs text-ink">
            {text}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
