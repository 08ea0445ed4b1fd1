import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { KindName } from "./config";
import type { Kind } from "./kinds";
import { oneLine, type Server } from "./server";

const Described = z.object({
  paths: z.record(z.string(), z.unknown()),
  components: z.object({
    schemas: z.record(z.string(), z.object({ properties: z.record(z.string(), z.unknown()).optional() })),
  }),
});

/**
 * Finds out before anything is made whether a server is of the kind: by what it says when greeted, and by the routes and
 * fields it describes, where it describes them.
 * @returns what it says when greeted
 * @throws AppError environment_unavailable when it cannot be reached or is of another kind
 */
export async function recogniseServer(server: Server, kind: Kind, name: KindName): Promise<string> {
  const greeted = await server.get("/");
  if (!greeted.ok) throw another(server, kind, `answered with status ${greeted.status} (GET /)`);
  const hello = typeof greeted.body === "string" ? oneLine(greeted.body) : "something unexpected";
  if (kind.hello !== null && !hello.includes(kind.hello))
    throw another(server, kind, `says “${hello}”, so it does not serve ${name}`);
  const described = await server.get("/openapi.json").catch(() => null);
  const api = Described.safeParse(described?.ok ? described.body : null).data;
  if (api === undefined) return hello;
  for (const route of ["create", "reset", "step"])
    if (!Object.hasOwn(api.paths, `${kind.prefix}/${route}`))
      throw another(server, kind, `has no route ${kind.prefix}/${route}, so it does not serve ${name}`);
  const resets = Object.entries(api.components.schemas).filter(([schema]) => /Reset/.test(schema));
  const known = resets.some(
    ([, { properties = {} }]) =>
      Object.hasOwn(properties, kind.family) && Object.hasOwn(properties, kind.resetField),
  );
  if (resets.length > 0 && !known)
    throw another(
      server,
      kind,
      `resets without ${kind.family} and ${kind.resetField}, so it does not serve ${name}`,
    );
  return hello;
}

function another(server: Server, kind: Kind, how: string): AppError {
  return new AppError("environment_unavailable", `the server at ${server.base} ${how}`, {
    fix: `check that the address is that of a ${kind.program} server of AgentGym, or set the kind to what it serves`,
  });
}
