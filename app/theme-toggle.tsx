"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { cx } from "@/components/ui/class-names";
import { THEME_COOKIE, themes, type Theme } from "./theme";

const icons = { system: Monitor, light: Sun, dark: Moon } as const;
const YEAR_SECONDS = 31_536_000;

/** At once on this page, and by the cookie on the next. */
function show(theme: Theme) {
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Light, dark or as the system says; kept in a cookie so that the server renders it and nothing flashes. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const choose = (next: Theme) => {
    show(next);
    setTheme(next);
  };
  return (
    <div role="group" aria-label="Theme" className="flex rounded border border-line p-px">
      {themes.map((value) => {
        const Icon = icons[value];
        return (
          <button
            key={value}
            type="button"
            aria-pressed={theme === value}
            aria-label={`Theme: ${value}`}
            title={`Theme: ${value}`}
            onClick={() => choose(value)}
            className={cx(
              "grid size-6 place-items-center rounded-sm",
              theme === value ? "bg-hover text-ink" : "text-ink-3 hover:text-ink",
            )}
          >
            <Icon aria-hidden className="size-3.5" />
          </button>
        );
      })}
    </div>
  );
}
