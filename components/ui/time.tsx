/** `Time`: how long ago, with the exact time (UTC) on hover. `relativeTime` and `exactTime` give the words alone. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

export function relativeTime(at: Date, now: Date): string {
  const past = now.getTime() - at.getTime();
  if (past < 45_000) return "just now";
  if (past < HOUR) return `${Math.max(1, Math.round(past / MINUTE))} min ago`;
  if (past < DAY) return `${Math.round(past / HOUR)} h ago`;
  if (past < 14 * DAY) return `${Math.round(past / DAY)} d ago`;
  return day.format(at);
}

export function exactTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

export function Time({ at }: { at: Date }) {
  return (
    // The server's minute and the browser's may differ by one: that is no error.
    <time
      dateTime={at.toISOString()}
      title={exactTime(at)}
      className="whitespace-nowrap"
      suppressHydrationWarning
    >
      {relativeTime(at, new Date())}
    </time>
  );
}
