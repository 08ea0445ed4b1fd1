import { openCrashes, pointsOf, scenarios } from "../support/crash-scenarios";

/** A worker dies before and after every single statement of small runs; whoever comes next must lose nothing. */
const STRIDE = Number(process.env.STRIDE ?? 1);
const url = process.env.DATABASE_URL ?? "";
let failed = 0;

for (const scenario of scenarios) {
  const crashes = await openCrashes(url, scenario);
  const began = performance.now();
  const { outcome, statements } = await crashes.undisturbed();
  let repeated = 0;
  let most = 0;
  let wrong = 0;
  const points = pointsOf(statements, STRIDE);
  for (const death of points) {
    const crash = await crashes.crash(death, outcome);
    repeated += crash.repeated;
    most = Math.max(most, crash.repeated);
    if (crash.statement === statements[death.at] && crash.wrong.length === 0) continue;
    wrong += 1;
    console.log(`${death.when} statement ${death.at}, ${crash.statement}:\n  ${crash.wrong.join("\n  ")}`);
  }
  const kinds = new Set(statements).size;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${scenario.name}: ${statements.length} statements of ${kinds} kinds, ${points.length} crashes in ${seconds} s: ` +
      `${wrong} went wrong; calls repeated ${repeated}, at most ${most} per crash`,
  );
  failed += wrong;
  await crashes.close();
}
if (failed > 0) process.exitCode = 1;
