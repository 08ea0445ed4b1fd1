/** `Pager`: the links that go on through a paged list; `first` and `next` are addresses, null where there is none. */
import { ButtonLink } from "./button";

export function Pager({ label, first, next }: { label: string; first: string | null; next: string | null }) {
  if (first === null && next === null) return null;
  return (
    <nav aria-label={label} className="flex justify-end gap-2">
      {first === null ? null : (
        <ButtonLink href={first} size="sm" variant="quiet">
          Back to the first
        </ButtonLink>
      )}
      {next === null ? null : (
        <ButtonLink href={next} size="sm">
          Next
        </ButtonLink>
      )}
    </nav>
  );
}
