"use client";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";

/** Asks for the name of a view in place: Enter keeps it, Escape leaves everything as it was. */
export function ViewName(props: {
  name: string;
  pending: boolean;
  onName: (name: string) => void;
  onCancel: () => void;
}) {
  const { name, pending, onName, onCancel } = props;
  return (
    <form
      className="inline-flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get("name");
        if (typeof given === "string" && given.trim() !== "") onName(given.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <Input
        name="name"
        aria-label="Name of the view"
        placeholder="Name of the view"
        defaultValue={name}
        maxLength={60}
        autoFocus
        className="!h-6 !w-44 text-xs"
      />
      <Button size="sm" type="submit" disabled={pending}>
        {pending ? "Saving…" : "Save"}
      </Button>
      <Button size="sm" variant="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
