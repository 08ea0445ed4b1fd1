"use client";
import { usePathname } from "next/navigation";
import { NavLink } from "@/components/shell/nav-link";

const work: { href: string; label: string; also?: string }[] = [
  { href: "/", label: "Overview" },
  { href: "/collections", label: "Collections" },
  { href: "/trajectories", label: "Trajectories" },
  { href: "/runs", label: "Runs" },
  { href: "/coverage", label: "Coverage" },
  { href: "/queues", label: "Review", also: "/reviews" },
  { href: "/datasets", label: "Datasets" },
  { href: "/training", label: "Training" },
  { href: "/campaigns", label: "Campaigns" },
];
const setup = [
  { href: "/import", label: "Import" },
  { href: "/environments", label: "Environments" },
  { href: "/policies", label: "Policies" },
];

/** The way around: what people work on, then what they set up once. */
export function Navigation() {
  const path = usePathname();
  const isWithin = (href: string) =>
    href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <nav aria-label="Main" className="flex items-stretch gap-3 xl:gap-5">
      {work.map(({ href, label, also }) => (
        <NavLink
          key={href}
          href={href}
          label={label}
          current={isWithin(href) || (also !== undefined && isWithin(also))}
        />
      ))}
      <span aria-hidden className="my-4 w-px bg-line-strong" />
      {setup.map((item) => (
        <NavLink key={item.href} {...item} current={isWithin(item.href)} />
      ))}
    </nav>
  );
}
