"use client";
import { useRouter } from "next/navigation";
import { useTransition, type ReactNode } from "react";
import { FilterChip } from "@/components/ui/chip";
import { Select } from "@/components/ui/field";
import { searchRecord, type SearchParams } from "./address";

type Chip = Parameters<typeof FilterChip>[0];

/** Filters that live in the address: every change goes there, and Back takes it back. */
export function FilterForm(props: {
  /** Says which filter is shown: fields show what the address says, so that a new address is a new form. */
  of: string;
  label?: string;
  /** The address of what the fields ask for. */
  hrefOf: (asked: SearchParams) => string;
  chips: Chip[];
  children: ReactNode;
}) {
  const { of, label, hrefOf, chips, children } = props;
  const router = useRouter();
  const [pending, start] = useTransition();
  const apply = (form: HTMLFormElement) => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") asked.append(name, value);
    start(() => router.push(hrefOf(searchRecord(asked))));
  };
  return (
    <form
      key={of}
      role="search"
      aria-label={label}
      aria-busy={pending}
      onSubmit={(event) => {
        event.preventDefault();
        apply(event.currentTarget);
      }}
      onChange={(event) => {
        if (event.target instanceof HTMLSelectElement) apply(event.currentTarget);
      }}
      className="flex flex-col gap-2"
    >
      {children}
      {chips.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {chips.map((chip) => (
            <FilterChip key={chip.name} {...chip} />
          ))}
        </div>
      )}
    </form>
  );
}

/** One field of a filter: a short list to choose from. */
export function Choice(props: {
  name: string;
  label: string;
  value: string | number | null;
  children: ReactNode;
}) {
  return (
    <Select name={props.name} aria-label={props.label} defaultValue={props.value ?? ""} className="max-w-40">
      {props.children}
    </Select>
  );
}
