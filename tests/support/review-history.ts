import { groupBy } from "@/lib/core/group-by";

/** One edit as its client saw it: a compare-and-set of the newest version of a key, sent until there was an answer. */
export type Edit = {
  clientId: string;
  key: string;
  decision: string;
  personId: number;
  expectedVersion: number;
  /** When it was sent first and when it was answered, milliseconds of one clock; Infinity without an answer. */
  sentAt: number;
  answeredAt: number;
  /** `unknown`: the client gave up while nobody answered. */
  answer: "stored" | "conflict" | "unknown";
  /** The person a conflict named; null where it named none. */
  named: string | null;
};

/** A client saw this version of a key as the newest, in an answer to what it asked from `sentAt` on. */
export type Sight = { key: string; version: number; sentAt: number; answeredAt: number };

/** One decision as it is in the database. */
export type Stored = {
  clientId: string;
  key: string;
  version: number;
  decision: string;
  personId: number;
  reviewer: string;
};

export type Found = {
  edits: number;
  stored: number;
  conflicts: number;
  unknown: number;
  unknownStored: number;
  /** What must never be, by kind; a sentence each. */
  violations: Record<string, string[]>;
};

/**
 * Checks what clients were told against what is stored. Each key must behave as one register that is compared and set:
 * there is an order of all that was stored (its versions) in which every edit follows the version it names, no answer
 * contradicts it, and nothing that was answered before something else was asked comes after it.
 * Source: reliability.md section 6 (Jepsen: check the history, not only the final state)
 */
export function checkHistory(edits: Edit[], sights: Sight[], rows: Stored[]): Found {
  const violations: Record<string, string[]> = {};
  const tell = (kind: string, sentence: string) => void (violations[kind] ??= []).push(sentence);
  const editOf = new Map(edits.map((edit) => [edit.clientId, edit]));
  const rowsOf = groupBy(rows, (row) => row.clientId);
  const keys = groupBy(rows, (row) => row.key);
  for (const edit of edits) checkEdit(edit, rowsOf.get(edit.clientId) ?? [], keys.get(edit.key) ?? [], tell);
  for (const row of rows)
    if (!editOf.has(row.clientId)) tell("nobody's", `${row.key} v${row.version} was sent by nobody`);
  const seenOf = groupBy(sights, (sight) => sight.key);
  for (const key of new Set([...keys.keys(), ...seenOf.keys()])) {
    const versions = (keys.get(key) ?? []).sort((a, b) => a.version - b.version);
    checkVersions(key, versions, tell);
    const order = versions.map((row) => ({ ...row, edit: editOf.get(row.clientId) }));
    checkOrder(key, order, tell);
    checkSights(key, order, seenOf.get(key) ?? [], tell);
  }
  const count = (answer: Edit["answer"]) => edits.filter((edit) => edit.answer === answer).length;
  const unknown = edits.filter((edit) => edit.answer === "unknown");
  return {
    edits: edits.length,
    stored: count("stored"),
    conflicts: count("conflict"),
    unknown: unknown.length,
    unknownStored: unknown.filter(({ clientId }) => rowsOf.has(clientId)).length,
    violations,
  };
}

type Tell = (kind: string, sentence: string) => void;
type Ordered = Stored & { edit: Edit | undefined };

function checkEdit(edit: Edit, own: Stored[], ofKey: Stored[], tell: Tell): void {
  const { key, clientId, expectedVersion, answer } = edit;
  const what = `${key} after v${expectedVersion} (${clientId})`;
  if (own.length > 1) tell("duplicate", `${what} is there ${own.length} times`);
  if (answer === "stored" && own.length === 0) tell("lost", `${what} was acknowledged and is not there`);
  if (answer === "conflict") {
    if (own.length > 0) tell("refused, yet stored", `${what} was a conflict and is there`);
    const faster = ofKey.filter((row) => row.version > expectedVersion);
    if (faster.length === 0) tell("conflict with nobody", `${what} was a conflict, but nobody was faster`);
    else if (!faster.some((row) => row.reviewer === edit.named))
      tell("conflict untold", `${what} was a conflict that named ${edit.named}, who was not faster`);
  }
  for (const row of own) {
    if (row.key !== key || row.decision !== edit.decision || row.personId !== edit.personId)
      tell("altered", `${what} is there as ${row.key}, ${row.decision} by ${row.reviewer}`);
    else if (row.version !== expectedVersion + 1)
      tell("silent overwrite", `${what} is there as v${row.version}: it did not see v${row.version - 1}`);
  }
}

function checkVersions(key: string, rows: Stored[], tell: Tell): void {
  rows.forEach((row, i) => {
    if (row.version !== i + 1) tell("gap", `${key}: v${row.version} where v${i + 1} should be`);
  });
}

/** An edit of a later version may not have been answered before one of an earlier version was sent. */
function checkOrder(key: string, order: Ordered[], tell: Tell): void {
  let latest = -Infinity;
  for (const { edit, version } of order) {
    if (!edit) continue;
    if (edit.answeredAt < latest)
      tell("order", `${key}: v${version} was answered before an earlier one was sent`);
    latest = Math.max(latest, edit.sentAt);
  }
}

/** Whoever asks sees at least what was acknowledged before, and nothing that nobody has sent yet. */
function checkSights(key: string, order: Ordered[], sights: Sight[], tell: Tell): void {
  const acknowledged = order
    .flatMap(({ edit, version }) => (edit?.answer === "stored" ? [{ at: edit.answeredAt, version }] : []))
    .sort((a, b) => a.at - b.at);
  let [next, newest] = [0, 0];
  for (const sight of [...sights].sort((a, b) => a.sentAt - b.sentAt)) {
    for (let one = acknowledged[next]; one && one.at < sight.sentAt; one = acknowledged[++next])
      newest = Math.max(newest, one.version);
    if (sight.version < newest) tell("stale read", `${key}: v${sight.version} was seen after v${newest}`);
    const seen = order[sight.version - 1]?.edit;
    if (sight.version > 0 && (!seen || seen.sentAt > sight.answeredAt))
      tell("read of nothing", `${key}: v${sight.version} was seen before it was there`);
  }
}
