"use client";
import { Settings } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

/** The way to what is set once for scripts; a sign, as the bar's words are for what people work on. */
export function SettingsLink() {
  const path = usePathname();
  const current = path === "/settings" || path === "/api-docs";
  return (
    <Link
      href="/settings"
      aria-label="Settings"
      title="Settings"
      aria-current={current ? "page" : undefined}
      className="grid size-8 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink aria-[current=page]:text-accent"
    >
      <Settings aria-hidden className="size-4" />
    </Link>
  );
}
