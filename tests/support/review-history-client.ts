import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Decision, ReviewTarget } from "@/lib/core/review";
import type { Edit, Sight } from "./review-history";

/** Something that can be decided on, with the decisions that fit what mining says of it. */
export type Target = {
  runId: number;
  trajectoryId: number;
  target: ReviewTarget;
  targetIndex: number;
  decisions: Decision[];
};

export const keyOf = (of: Pick<Target, "trajectoryId" | "target" | "targetIndex">) =>
  `trajectory ${of.trajectoryId} ${of.target} ${of.targetIndex}`;

/** Somebody who decides, and what is written down of it. */
export type Client = { personId: number; draw: () => number; seen: Map<string, number> };
export type Notebook = { edits: Edit[]; sights: Sight[]; retries: number; refused: string[] };

const Shown = z.object({ versions: z.record(z.string(), z.number()) });
const Refused = z.object({ code: z.string(), message: z.string() });

/** Longest wait for one answer. */
const PATIENCE_MS = 20_000;
/** Of those who get no answer, how many do not ask again. */
const GIVE_UP = 0.05;

type Answer = { shown: Record<string, number> } | { conflict: string } | { refused: string } | "none";

async function ask(address: string, init: RequestInit, query = ""): Promise<Answer> {
  try {
    const response = await fetch(`${address}${query}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = await response.json();
    if (response.ok) return { shown: Shown.parse(body).versions };
    const { code, message } = Refused.parse(body);
    if (code === "internal") return "none";
    return code === "conflict" ? { conflict: message } : { refused: `${code}: ${message}` };
  } catch {
    return "none";
  }
}

/**
 * One person at the review page: looks at it (or remembers it), decides, and sends the decision with the version seen,
 * the same again until there is an answer.
 * @param addresses the web processes there are at the moment
 */
export function reviewer(addresses: () => string[], book: Notebook, now: () => number) {
  async function anyWeb({ draw }: Client): Promise<string> {
    for (;;) {
      const all = addresses();
      const one = all[Math.floor(draw() * all.length)];
      if (one) return one;
      await pause(50);
    }
  }

  function note(of: Target, client: Client, shown: Record<string, number>, sentAt: number): number {
    const version = shown[`${of.target} ${of.targetIndex}`] ?? 0;
    book.sights.push({ key: keyOf(of), version, sentAt, answeredAt: now() });
    client.seen.set(keyOf(of), version);
    return version;
  }

  async function look(of: Target, client: Client): Promise<void> {
    const address = await anyWeb(client);
    const sentAt = now();
    const answer = await ask(address, {}, `?run=${of.runId}&trajectory=${of.trajectoryId}`);
    if (answer !== "none" && "shown" in answer) note(of, client, answer.shown, sentAt);
  }

  /** @returns whether it is stored, as far as its client knows */
  async function decide(of: Target, client: Client): Promise<boolean> {
    const { runId, trajectoryId, target, targetIndex } = of;
    const decision = of.decisions[Math.floor(client.draw() * of.decisions.length)] ?? "veto";
    const expectedVersion = client.seen.get(keyOf(of)) ?? 0;
    const clientId = randomUUID();
    const reason = decision === "promote" ? "other" : null;
    const input = {
      ...{
        runId,
        trajectoryId,
        target,
        targetIndex,
        decision,
        reason,
        note: null,
        expectedVersion,
        clientId,
      },
    };
    const body = JSON.stringify({ personId: client.personId, input });
    const edit: Edit = {
      ...{ clientId, key: keyOf(of), decision, personId: client.personId, expectedVersion },
      ...{ sentAt: now(), answeredAt: Infinity, answer: "unknown", named: null },
    };
    book.edits.push(edit);
    for (;;) {
      const address = await anyWeb(client);
      const sentAt = now();
      const answer = await ask(address, { method: "POST", body });
      if (answer === "none") {
        if (client.draw() < GIVE_UP) return false;
        book.retries += 1;
        await pause(20 + 80 * client.draw());
        continue;
      }
      edit.answeredAt = now();
      if ("shown" in answer) {
        edit.answer = "stored";
        note(of, client, answer.shown, sentAt);
        return true;
      }
      edit.answer = "conflict";
      if ("refused" in answer) book.refused.push(answer.refused);
      else edit.named = / by (.+) at \d{4}-/.exec(answer.conflict)?.[1] ?? null;
      return false;
    }
  }

  return { look, decide };
}
