/**
 * `Button` and `ButtonLink`: the same look for something that acts and something that goes somewhere.
 * variant: primary (the one thing to do next on a page) · secondary (bordered, default) · quiet (text only) · danger.
 * size: md 32 px (default) · sm 24 px, for toolbars and table rows.
 */
import Link from "next/link";
import type { ComponentProps } from "react";
import { cx } from "./class-names";

type Look = { variant?: "primary" | "secondary" | "quiet" | "danger"; size?: "sm" | "md" };

const variants = {
  primary: "border-transparent bg-accent text-accent-ink hover:bg-accent-hover",
  secondary: "border-line-strong bg-surface text-ink hover:bg-hover",
  quiet: "border-transparent text-ink-2 hover:bg-hover hover:text-ink",
  danger: "border-danger-line bg-surface text-danger hover:bg-danger-soft",
} as const;

const sizes = { sm: "h-6 gap-1 px-2 text-xs", md: "h-8 gap-1.5 px-2.5 text-sm" } as const;

function look({ variant = "secondary", size = "md" }: Look): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center rounded border font-medium whitespace-nowrap select-none",
    "transition-colors duration-100 disabled:pointer-events-none disabled:opacity-45 aria-disabled:opacity-45",
    "[&_svg]:size-3.5 [&_svg]:shrink-0",
    variants[variant],
    sizes[size],
  );
}

export function Button({
  variant,
  size,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & Look) {
  return <button type={type} className={cx(look({ variant, size }), className)} {...rest} />;
}

export function ButtonLink({ variant, size, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return <Link className={cx(look({ variant, size }), className)} {...rest} />;
}
