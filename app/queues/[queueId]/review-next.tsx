"use client";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Input } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { useKeys } from "../../trajectories/use-keys";
import { useAct } from "../../use-act";
import { actAs, claimNext, unskipItem } from "../actions";

/**
 * Takes the next trajectory, and says under which name.
 * @param skipped what that person skipped last and could take back
 */
export function ReviewNext(props: { queueId: number; name: string; skipped: number | null }) {
  const { queueId, name, skipped } = props;
  const router = useRouter();
  const { pending, failure, act } = useAct();
  const [renaming, setRenaming] = useState(false);
  const [none, setNone] = useState(false);
  const take = () =>
    act(
      () => claimNext({ queueId }),
      (trajectoryId) => {
        setNone(trajectoryId === null);
        if (trajectoryId !== null) router.push(`/trajectories/${trajectoryId}?queue=${queueId}`);
      },
    );
  const takeBack = () => {
    if (skipped === null) return;
    act(
      () => unskipItem({ queueId, trajectoryId: skipped }),
      ({ trajectoryId }) => router.push(`/trajectories/${trajectoryId}?queue=${queueId}`),
    );
  };
  const keys = { n: { run: take, held: false }, S: { run: takeBack, held: false } };
  useKeys(keys, !pending && !renaming);
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex items-center gap-3">
        {renaming ? (
          <Rename
            name={name}
            pending={pending}
            onName={(as) =>
              act(
                () => actAs({ name: as }),
                () => {
                  setRenaming(false);
                  setNone(false);
                },
              )
            }
          />
        ) : (
          <span className="flex items-center gap-1.5 text-sm text-ink-2">
            working as <span className="font-medium text-ink">{name}</span>
            <Button size="sm" variant="quiet" onClick={() => setRenaming(true)}>
              Change
            </Button>
          </span>
        )}
        <Button variant="primary" disabled={pending} onClick={take}>
          Review next <Kbd>n</Kbd>
        </Button>
      </div>
      {skipped === null ? null : (
        <Note>
          You skipped trajectory {skipped}.{" "}
          <Button size="sm" variant="quiet" disabled={pending} onClick={takeBack}>
            Take it back <Kbd>S</Kbd>
          </Button>
        </Note>
      )}
      {none ? <Note>There is nothing left here for {name}.</Note> : null}
      {failure ? <ErrorNote message={failure.message} fix={failure.fix} /> : null}
    </div>
  );
}

const Note = ({ children }: { children: ReactNode }) => (
  <p role="status" className="text-sm text-ink-2">
    {children}
  </p>
);

function Rename(props: { name: string; pending: boolean; onName: (name: string) => void }) {
  const [draft, setDraft] = useState(props.name);
  return (
    <form
      className="flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() !== "") props.onName(draft);
      }}
    >
      <Input
        aria-label="Your name"
        title="A name, not an account: it stands beside what you decide"
        autoFocus
        maxLength={100}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Button type="submit" disabled={props.pending || draft.trim() === ""}>
        Work as this
      </Button>
    </form>
  );
}
