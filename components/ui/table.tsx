/**
 * Dense tables: `Table` (scrolls sideways by itself; caption is read by screen readers), `Th`, `Tr` (32 px), `Td`.
 * align="end" for numbers. `Td truncate` clamps to one line; give it a width through className.
 *   <Table caption="Runs"><thead><tr><Th>Name</Th></tr></thead><tbody><Tr><Td>…</Td></Tr></tbody></Table>
 */
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names";

export function Table({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <div className="overflow-x-auto rounded border border-line bg-surface">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

type Cell = { align?: "start" | "end" };

export function Th({ align = "start", className, ...rest }: Omit<ComponentProps<"th">, "align"> & Cell) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 border-b border-line bg-sunken px-2 text-xs font-medium whitespace-nowrap text-ink-2 first:pl-3 last:pr-3",
        align === "end" ? "text-right" : "text-left",
        className,
      )}
      {...rest}
    />
  );
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      className={cx(
        "h-8 border-b border-line last:border-b-0 hover:bg-hover aria-selected:bg-accent-soft",
        className,
      )}
      {...rest}
    />
  );
}

export function Td(props: Omit<ComponentProps<"td">, "align"> & Cell & { truncate?: boolean }) {
  const { align = "start", truncate = false, className, ...rest } = props;
  return (
    <td
      className={cx(
        "px-2 py-1 first:pl-3 last:pr-3",
        align === "end" && "text-right whitespace-nowrap",
        truncate && "max-w-0 truncate",
        className,
      )}
      {...rest}
    />
  );
}
