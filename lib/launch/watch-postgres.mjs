import { setTimeout as sleep } from "node:timers/promises";
import { explain, say } from "./say.mjs";

/** Resolves when the server on the other end goes away, however that happens. */
async function connectionLost(url) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  let lost;
  const gone = new Promise((resolve) => (lost = resolve));
  client.on("error", lost).on("end", lost);
  await client.connect();
  return { gone, close: () => client.end().catch(() => undefined) };
}

/**
 * Starts the embedded server again whenever it dies.
 * @param address (server) => the address of the database on it
 * @param onMoved (url) => called when it came back under another address, its port being taken
 * @returns a function that ends the watch
 */
export function watchPostgres(server, address, onMoved) {
  let url = address(server);
  let ended = false;
  let connection = null;

  async function watch() {
    while (!ended) {
      try {
        connection = await connectionLost(url);
        await connection.gone;
      } catch {
        await sleep(200); // it went before we were connected: same as gone
      }
      if (!ended) await revive();
    }
  }

  async function revive() {
    for (let pause = 500; !ended; pause = Math.min(pause * 2, 30_000)) {
      try {
        const revived = await server.revive();
        if (revived.started) say("! the database had stopped; it was started again, nothing is lost");
        const now = address(revived);
        if (now !== url) onMoved((url = now));
        return;
      } catch (error) {
        say(`! the database does not start; trying again in ${pause / 1000} s`);
        say(explain(error) ?? `error: ${error.message}`);
        await sleep(pause);
      }
    }
  }

  void watch();
  return async () => {
    ended = true;
    await connection?.close();
  };
}
