import { openPostgres } from "../../lib/launch/postgres.mjs";
import { whenParentIsGone } from "./kill-loop-parent";

/** Uses the kill loop's Postgres for as long as the loop lives, and so stops it should the loop itself be killed. */
const server = await openPostgres(process.argv[2] ?? "");
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
whenParentIsGone(() => void server.release().finally(() => process.exit()));
console.log("ready");
