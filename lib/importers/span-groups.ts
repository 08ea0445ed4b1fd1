import type { RawRecord } from "./raw-record";
import type { Span } from "./span-text";
import { spansIn } from "./span-values";

/** What spans of one file may take in memory until the last of it is read, in bytes of their records. */
const gatheredLimit = 256 * 1024 * 1024;

type Group = { raw: RawRecord; spans: Span[] };

/** Gathers the spans of a file, in any order, into conversations. */
export class SpanGroups {
  private readonly groups = new Map<string, Group>();
  /** A trace belongs to the conversation that one of its spans names. */
  private readonly conversationOf = new Map<string, string>();
  private bytes = 0;

  /** Takes a record's spans; "full" where no more can be held, "other" where it holds none. */
  take(value: unknown, raw: RawRecord): "taken" | "full" | "other" {
    const spans = spansIn(value);
    if (spans === null) return "other";
    if (this.bytes + raw.bytes.length > gatheredLimit) return "full";
    this.bytes += raw.bytes.length;
    for (const span of spans) {
      const named = span.attributes["gen_ai.conversation.id"];
      if (typeof named === "string" && named !== "") this.conversationOf.set(span.traceId, named);
      const group = this.groups.get(span.traceId);
      if (group) group.spans.push(span);
      else this.groups.set(span.traceId, { raw, spans: [span] });
    }
    return "taken";
  }

  /** Every conversation once, in the order they began in the file. Spans that call no model belong to none. */
  *conversations(): Generator<{ raw: RawRecord; value: unknown }> {
    const whole = new Map<string, Group>();
    for (const [traceId, { raw, spans }] of this.groups) {
      const id = this.conversationOf.get(traceId) ?? traceId;
      const group = whole.get(id);
      if (group) group.spans.push(...spans);
      else whole.set(id, { raw, spans: [...spans] });
    }
    for (const [spanConversation, { raw, spans }] of whole) yield { raw, value: { spanConversation, spans } };
  }
}
