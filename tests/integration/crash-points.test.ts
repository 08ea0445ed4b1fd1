import { expect, it } from "vitest";
import { openCrashes, pointsOf, scenarios } from "../support/crash-scenarios";
import { withDatabase } from "../support/database";

/**
 * Of all points at which a worker can die, every n-th, and the first of every kind of statement; `npm run bench --
 * crash-points` tries them all.
 */
const STRIDE = 50;
const seen = new Set<string>();

it.each(scenarios)(
  "loses nothing wherever a worker dies: $name",
  (scenario) =>
    withDatabase(async (url) => {
      const crashes = await openCrashes(url, scenario);
      try {
        const { outcome, statements } = await crashes.undisturbed();
        expect(outcome.state).toBe("done");
        const wrong: Record<string, string[]> = {};
        for (const death of pointsOf(statements, STRIDE, seen)) {
          const crash = await crashes.crash(death, outcome);
          expect(crash.statement).toBe(statements[death.at]);
          if (crash.wrong.length > 0) wrong[`${death.when} ${death.at} ${crash.statement}`] = crash.wrong;
        }
        expect(wrong).toEqual({});
      } finally {
        await crashes.close();
      }
    }),
  600_000,
);
