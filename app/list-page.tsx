import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";

type Way = { href: string; label: string };

/** A page that lists what there is of one kind, a page of rows at a time; says what to do where there is nothing. */
export function ListPage(props: {
  title: string;
  about: string;
  /** What makes another one. */
  make: Way;
  /** Another page about the same. */
  also?: Way;
  /** What is said where there is none, and the other way to come by one. */
  empty: { title: string; text: string; other: Way };
  path: string;
  cursor: string | null;
  next: string | null;
  /** The table; null where there is no row. */
  children: ReactNode;
}) {
  const { title, about, make, also, empty, path, cursor, next, children } = props;
  const action = (
    <ButtonLink href={make.href} variant="primary">
      {make.label}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={title}
        meta={about}
        action={
          <>
            {also ? <ButtonLink href={also.href}>{also.label}</ButtonLink> : null}
            {action}
          </>
        }
      />
      {children === null ? (
        <EmptyState title={empty.title} text={empty.text}>
          {action}
          <ButtonLink href={empty.other.href}>{empty.other.label}</ButtonLink>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          {children}
          <Pager
            label={`Pages of ${title.toLowerCase()}`}
            first={cursor === null ? null : path}
            next={next === null ? null : `${path}?cursor=${encodeURIComponent(next)}`}
          />
        </div>
      )}
    </>
  );
}
