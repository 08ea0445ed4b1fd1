import type { ReviewRows } from "@/lib/core/review-rows";
import type { Wish } from "./decisions";
import { Kept, type Made, type Page, type Sent, type Unsaved } from "./outbox-kept";

type Failure = NonNullable<Unsaved["failure"]>;
type Answer = { ok: true; value: ReviewRows } | { ok: false; error: Failure };

/** What is not stored yet, what can be taken back (newest last), and the pages as the server last answered them. */
export type Box = {
  unsaved: Unsaved[];
  made: Made[];
  answers: ReadonlyMap<string, { rows: ReviewRows; order: number }>;
  /** How many answers there were so far. */
  order: number;
};

export const emptyBox: Box = { unsaved: [], made: [], answers: new Map(), order: 0 };

/** What a request fails with that was never answered: it may have been stored or not, so the same one is sent again. */
export const UNREACHED = "unreached";

const AGAIN_MS = 5000;
const UNDOABLE = 100;
const ANSWERS = 8;
const KEY = "gleaner:decisions";

export const pageKey = ({ trajectoryId, runId, queueId }: Page) =>
  `${trajectoryId} ${runId} ${queueId ?? ""}`;

const sameTarget = (a: Sent & { page: Page }, b: Sent & { page: Page }) =>
  pageKey(a.page) === pageKey(b.page) && a.target === b.target && a.targetIndex === b.targetIndex;

/**
 * The decisions of one browser tab, whatever trajectory they are on: sent one after another in the order they were made,
 * kept until they are stored, and taken back newest first. Everything but the answers outlives a reload.
 * @param send  stores one; sending it twice stores it once
 * @param kept  where it outlives a reload; null where the browser keeps nothing
 * @param later runs something after so many milliseconds
 */
export function createOutbox(ports: {
  send: (unsaved: Unsaved) => Promise<Answer>;
  kept: Pick<Storage, "getItem" | "setItem"> | null;
  later: (run: () => void, ms: number) => void;
}) {
  const listeners = new Set<() => void>();
  let box: Box | null = null;
  let sending = false;
  let awaiting = false;
  const get = () => (box ??= { ...emptyBox, ...restored(ports.kept) });
  const set = (change: Partial<Box>) => {
    box = { ...get(), ...change };
    if (change.unsaved ?? change.made) keep(ports.kept, box);
    for (const listener of listeners) listener();
  };

  const drain = async () => {
    if (sending) return;
    sending = true;
    for (let next = nextOf(get().unsaved); next; next = nextOf(get().unsaved)) {
      const { wish, behind } = next;
      const answer: Answer = behind ? { ok: false, error: waits } : await ports.send(wish);
      if (answer.ok) settle(wish, answer.value);
      else fail(wish, answer.error);
    }
    sending = false;
  };
  const settle = (wish: Unsaved, rows: ReviewRows) => {
    const { unsaved, answers, order } = get();
    const others = [...answers].filter(([key]) => key !== pageKey(wish.page)).slice(1 - ANSWERS);
    set({
      unsaved: unsaved.filter(({ clientId }) => clientId !== wish.clientId),
      answers: new Map([...others, [pageKey(wish.page), { rows, order: order + 1 }]]),
      order: order + 1,
    });
  };
  const fail = (wish: Unsaved, failure: Failure) => {
    const { unsaved, made } = get();
    set({
      unsaved: unsaved.map((u) => (u.clientId === wish.clientId ? { ...u, waiting: false, failure } : u)),
      // Somebody else has decided there since: what went before is not ours to bring back.
      made: failure.code === "conflict" ? without(made, (back) => sameTarget(back, wish)) : made,
    });
    if (failure.code !== UNREACHED || awaiting) return;
    awaiting = true;
    ports.later(() => {
      awaiting = false;
      retry();
    }, AGAIN_MS);
  };
  /** What is said of a failure stays until it is known how it went this time. */
  const retry = () => {
    const again = (u: Unsaved) => (u.failure?.code === "conflict" ? u : { ...u, waiting: true });
    set({ unsaved: get().unsaved.map(again) });
    void drain();
  };
  const post = (page: Page, sent: Sent[], made: Made[]) => {
    set({
      unsaved: [...get().unsaved, ...sent.map((wish) => ({ ...wish, page, waiting: true, failure: null }))],
      made,
    });
    void drain();
  };

  return {
    get,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      if (get().unsaved.length > 0) retry();
      return () => void listeners.delete(listener);
    },
    /** Shows and stores decisions; `back` are what would take each of them back. */
    decide: (page: Page, sent: Sent[], back: Wish[]) => {
      const undo = sent.flatMap((wish, i) => {
        const before = back[i];
        return before
          ? [{ ...before, undoes: wish.clientId, expectedVersion: wish.expectedVersion + 1 }]
          : [];
      });
      post(page, sent, [...get().made, { page, back: undo }].slice(-UNDOABLE));
    },
    /** Takes back what was decided last, wherever it was; answers that, or null when there is nothing. */
    undo: (): Made | null => {
      const { made, unsaved } = get();
      const last = made.at(-1);
      if (!last) return null;
      const refused = new Set(unsaved.filter((u) => !u.waiting && u.failure?.code !== UNREACHED).map(idOf));
      set({
        unsaved: unsaved.filter(
          (u) => !last.back.some((back) => back.undoes === u.clientId && refused.has(u.clientId)),
        ),
      });
      const sent = last.back.filter(({ undoes }) => !refused.has(undoes));
      post(last.page, sent, followed(made.slice(0, -1), last.page, sent));
      return last;
    },
    retry,
    /** Drops what was never stored, with what was decided upon it; there is nothing to undo of it then. */
    discard: (clientId: string) => {
      const { unsaved, made } = get();
      const at = unsaved.findIndex((u) => u.clientId === clientId);
      const dropped = unsaved.filter((u, i) => {
        const first = unsaved[at];
        return first !== undefined && i >= at && sameTarget(u, first);
      });
      const ids = new Set(dropped.map(idOf));
      set({
        unsaved: unsaved.filter((u) => !ids.has(u.clientId)),
        made: without(made, (back) => ids.has(back.undoes)),
      });
    },
  };
}

const idOf = ({ clientId }: { clientId: string }) => clientId;

const waits: Failure = { code: "internal", message: "an earlier decision on it is not saved yet" };

/** The first that is to be sent; `behind` when an earlier one on its target was refused. */
function nextOf(unsaved: Unsaved[]): { wish: Unsaved; behind: boolean } | null {
  const wish = unsaved.find(({ waiting }) => waiting);
  if (!wish) return null;
  return { wish, behind: unsaved.some((u) => !u.waiting && sameTarget(u, wish)) };
}

function without(made: Made[], drop: (back: Made["back"][number] & { page: Page }) => boolean): Made[] {
  return made
    .map(({ page, back }) => ({ page, back: back.filter((each) => !drop({ ...each, page })) }))
    .filter(({ back }) => back.length > 0);
}

/** An undo is two decisions further: what this person had decided right before it follows upon both. */
function followed(made: Made[], page: Page, undone: Sent[]): Made[] {
  const moved = (each: Made["back"][number]) => {
    const over = undone.find(
      (u) => sameTarget({ ...u, page }, { ...each, page }) && each.expectedVersion === u.expectedVersion - 1,
    );
    return over ? { ...each, expectedVersion: over.expectedVersion + 1 } : each;
  };
  return made.map((entry) =>
    pageKey(entry.page) === pageKey(page) ? { ...entry, back: entry.back.map(moved) } : entry,
  );
}

function restored(kept: Pick<Storage, "getItem"> | null): Pick<Box, "unsaved" | "made"> {
  try {
    return Kept.parse(JSON.parse(kept?.getItem(KEY) ?? "null"));
  } catch {
    return { unsaved: [], made: [] };
  }
}

/** Where the browser keeps nothing, or no more, the decisions are kept in this page alone. */
function keep(kept: Pick<Storage, "setItem"> | null, { unsaved, made }: Box): void {
  try {
    kept?.setItem(KEY, JSON.stringify({ unsaved, made }));
  } catch {
    return;
  }
}
