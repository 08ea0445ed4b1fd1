"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Answer, Failure } from "@/lib/server/answer";
import type { QueueDesk } from "@/lib/server/queues";
import { claimNext, finishItem, keepItem, skipItem, unskipItem } from "../../queues/actions";
import { answered } from "../../use-act";
import type { Unsaved } from "./outbox-kept";

/** Well within the five minutes that a lock lasts. */
const KEEP_MS = 60_000;

/**
 * Going through a queue: done, skip, take back and next, by button and key. Done waits until every vote is stored; while the next
 * trajectory is fetched no key does anything.
 */
export function useQueueWork(desk: QueueDesk, unsaved: Unsaved[], go: (href: string | null) => void) {
  const { queueId } = desk.queue;
  const ids = { queueId, trajectoryId: desk.item.trajectoryId };
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [wanted, setWanted] = useState(false);
  const stuck = unsaved.some((vote) => vote.failure !== null);
  const open = !desk.adjudicating && desk.item.state === "holding";

  const onTo = (next: number | null) =>
    go(next === null ? `/queues/${queueId}` : `/trajectories/${next}?queue=${queueId}`);
  const run = async <T>(work: () => Promise<Answer<T>>, then: (value: T) => void) => {
    setBusy(true);
    setFailure(null);
    const answer = await answered(work());
    setBusy(false);
    if (answer.ok) then(answer.value);
    else setFailure(answer.error);
  };
  const finish = () =>
    void run(
      () => finishItem(ids),
      ({ revealed, next }) => (revealed ? undefined : onTo(next)),
    );
  const next = () => {
    if (busy) return;
    if (desk.adjudicating)
      return go(
        desk.nextDispute === null
          ? `/queues/${queueId}`
          : `/trajectories/${desk.nextDispute}?queue=${queueId}&adjudicate=1`,
      );
    if (!open) return void run(() => claimNext({ queueId }), onTo);
    if (stuck) return setFailure(notStored);
    if (unsaved.length > 0) return setWanted(true);
    finish();
  };
  const skip = () => (busy || !open ? undefined : void run(() => skipItem(ids), onTo));

  const takeBack = () => {
    const { skipped } = desk;
    if (busy || skipped === null) return;
    void run(
      () => unskipItem({ queueId, trajectoryId: skipped }),
      () => (skipped === ids.trajectoryId ? router.refresh() : onTo(skipped)),
    );
  };

  useWhenStored(wanted && unsaved.length === 0, () => {
    setWanted(false);
    finish();
  });
  useKept(open, ids, setFailure);
  useQueueKeys({ next, skip, takeBack }, busy);
  return { busy, waiting: wanted, failure, next, skip, takeBack };
}

const notStored: Failure = {
  code: "conflict",
  message: "a vote of yours is not stored yet",
  fix: "send it again or discard it below, then go on",
};

function useWhenStored(ready: boolean, run: () => void) {
  const event = useEffectEvent(run);
  const ran = useRef(false);
  useEffect(() => {
    if (ready && !ran.current) event();
    ran.current = ready;
  }, [ready]);
}

/** Keeps the lock while the page is open. */
function useKept(
  open: boolean,
  ids: { queueId: number; trajectoryId: number },
  onLost: (failure: Failure) => void,
) {
  const keep = useEffectEvent(async () => {
    const answer = await answered(keepItem(ids));
    if (!answer.ok && answer.error.code === "conflict") onLost(answer.error);
  });
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => void keep(), KEEP_MS);
    return () => clearInterval(timer);
  }, [open]);
}

/** Ctrl+Enter, s and S; before every other key of the page, so that none acts on a trajectory that is being left. */
function useQueueKeys(work: { next: () => void; skip: () => void; takeBack: () => void }, busy: boolean) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    if (busy && !command && event.key !== "Tab") return swallow(event);
    if (isTyping(event.target) || event.repeat) return;
    if (command && event.key === "Enter") {
      swallow(event);
      work.next();
    } else if (!command && !event.altKey && event.key === "s") {
      swallow(event);
      work.skip();
    } else if (!command && !event.altKey && event.key === "S") {
      swallow(event);
      work.takeBack();
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listener, { capture: true });
    return () => window.removeEventListener("keydown", listener, { capture: true });
  }, []);
}

function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select") !== null;
}
