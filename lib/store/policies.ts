import { z } from "zod";
import { decryptSecret, encryptSecret } from "@/lib/config/secret";
import type { PolicyRow as Policy } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { policyColumns, PolicyRow, read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";

/** Policies; their secrets are encrypted at rest under the policy's name. */
export function policiesIn(db: Db): Store["policies"] {
  return {
    list: () => read(db, PolicyRow, Prisma.sql`select ${policyColumns} from policy order by name`),
    get: async (policyId) => {
      const what = demandId("policy", policyId);
      const sql = Prisma.sql`select ${policyColumns} from policy where id = ${policyId}::int`;
      return readOne(db, PolicyRow, sql, what);
    },
    put: (policy) => put(db, policy),
    secret: (policyId) => secret(db, policyId),
  };
}

/** An absent secret leaves the stored one alone, null removes it. */
async function put(db: Db, policy: Parameters<Store["policies"]["put"]>[0]): Promise<Policy> {
  demandStorable({ ...policy, secret: undefined }, "the policy");
  demandName(policy.name, "the policy's name");
  const kept = policy.secret === undefined;
  const secret = policy.secret ? encryptSecret(policy.secret, policy.name) : null;
  return readOne(
    db,
    PolicyRow,
    Prisma.sql`insert into policy (name, kind, config, secret)
      values (${policy.name}, ${policy.kind}, ${JSON.stringify(policy.config)}::jsonb, ${secret})
      on conflict (name) do update set kind = excluded.kind, config = excluded.config,
        secret = case when ${kept}::bool then policy.secret else excluded.secret end
      returning ${policyColumns}`,
    `policy “${policy.name}”`,
  );
}

const Stored = z.object({ name: z.string(), secret: z.string().nullable() });

async function secret(db: Db, policyId: number): Promise<string | null> {
  const what = demandId("policy", policyId);
  const sql = Prisma.sql`select name, secret from policy where id = ${policyId}::int`;
  const stored = await readOne(db, Stored, sql, what);
  return stored.secret === null ? null : decryptSecret(stored.secret, stored.name);
}
