/** `Kbd`: a key as printed on the keyboard. Hidden from screen readers where the button already has a name. */
import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-current/35 px-1 font-mono text-xs leading-none font-normal">
      {children}
    </kbd>
  );
}
