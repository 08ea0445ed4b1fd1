"use client";
/** `Tabs`: a few views of one thing. `tabs` = [{ value, label, content }]; the first is open at the start. */
import { Tabs as Primitive } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export type Tab = { value: string; label: ReactNode; content: ReactNode };

export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <Primitive.Root defaultValue={tabs[0]?.value}>
      <Primitive.List aria-label={label} className="flex gap-4 border-b border-line">
        {tabs.map((tab) => (
          <Primitive.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px h-8 border-b-2 border-transparent text-sm text-ink-2 hover:text-ink data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink"
          >
            {tab.label}
          </Primitive.Tab>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Panel key={tab.value} value={tab.value} className="pt-3">
          {tab.content}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  );
}
