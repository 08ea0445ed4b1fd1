import { createServer } from "node:net";
import { LaunchError } from "./say.mjs";

const SEARCHED = 100;

/** Asks the system for `port` on `host` (0: any) and gives it back: `{ port }` or `{ code }` why not. */
function probe(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve({ code: error.code }));
    server.listen(port, host, () => {
      const given = server.address().port;
      server.close(() => resolve({ port: given }));
    });
  });
}

/** `wanted` when it is free on the loopback address, otherwise any free port. */
export async function loopbackPort(wanted = 0) {
  const found = await probe(wanted, "127.0.0.1");
  return found.port ?? (await probe(0, "127.0.0.1")).port;
}

/** The port to serve on: exactly PORT when it is set, otherwise the first free one from 3000 upwards. */
export async function webPort(host, asked) {
  if (asked !== undefined && asked !== "") return askedPort(host, asked);
  for (let port = 3000; port < 3000 + SEARCHED; port++) {
    const found = await probe(port, host);
    if (found.port) return found.port;
    if (found.code !== "EADDRINUSE") throw refused(port, host, found.code);
  }
  throw new LaunchError(`no port from 3000 to ${2999 + SEARCHED} is free`, "choose one: PORT=4321 npm start");
}

async function askedPort(host, asked) {
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new LaunchError(`PORT is "${asked}", which is no port number`, "choose one: PORT=4321 npm start");
  const found = await probe(port, host);
  if (found.port) return found.port;
  throw refused(port, host, found.code);
}

function refused(port, host, code) {
  if (code === "EADDRINUSE")
    return new LaunchError(
      `port ${port} is in use by another program`,
      "leave PORT unset to take the next free one, or choose another: PORT=4321 npm start",
    );
  if (code === "EACCES")
    return new LaunchError(
      `not allowed to serve on port ${port}`,
      "choose one above 1023: PORT=4321 npm start",
    );
  return new LaunchError(
    `cannot serve on ${host}:${port} (${code})`,
    "set HOST to an address of this machine",
  );
}
