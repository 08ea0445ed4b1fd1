"use client";
import { usePathname } from "next/navigation";
import { NavLink } from "@/components/shell/nav-link";

const work = [
  { href: "/", label: "Overview" },
  { href: "/collections", label: "Collections" },
  { href: "/trajectories", label: "Trajectories" },
  { href: "/queues", label: "Queues" },
  { href: "/runs", label: "Runs" },
  { href: "/datasets", label: "Datasets" },
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
  const current = (href: string) =>
    href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <nav aria-label="Main" className="flex items-stretch gap-3 xl:gap-5">
      {work.map((item) => (
        <NavLink key={item.href} {...item} current={current(item.href)} />
      ))}
      <span aria-hidden className="my-4 w-px bg-line-strong" />
      {setup.map((item) => (
        <NavLink key={item.href} {...item} current={current(item.href)} />
      ))}
    </nav>
  );
}
