import { z } from "zod";
import {
  REVOKE_UNDO_MINUTES,
  tokenScopes,
  type ApiTokenRow,
  type ApiTokenStore,
  type KnownToken,
} from "@/lib/core/api-token";
import { AppError } from "@/lib/core/errors";
import { sqlState, type Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { Id, read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";

/** What is listed at once; nobody has more tokens in use. */
const MOST = 500;

const Row = z.object({
  tokenId: z.number(),
  name: z.string(),
  person: z.string(),
  scope: z.enum(tokenScopes),
  createdAt: z.date(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
}) satisfies z.ZodType<ApiTokenRow>;
const Known = z.object({
  tokenId: z.number(),
  personId: z.number(),
  person: z.string(),
  scope: z.enum(tokenScopes),
  secretHash: z.instanceof(Uint8Array),
}) satisfies z.ZodType<KnownToken>;

const select = Prisma.sql`select t.id as "tokenId", t.name, person.name as person, t.scope, t.created_at as "createdAt",
  t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"`;

/** Tokens of the HTTP API: hashes only. */
export function apiTokensIn(db: Db): ApiTokenStore {
  return {
    async create({ name, scope, secretHash, personId }) {
      demandStorable(name, "the token's name");
      demandName(name, "the token's name");
      const made = readOne(
        db,
        Row,
        Prisma.sql`with t as (
            insert into api_token (person_id, name, secret_hash, scope)
            values (${personId}::int, ${name}, ${secretHash}, ${scope}) returning *)
          ${select} from t join person on person.id = t.person_id`,
        `person ${personId}`,
      );
      return unlessTaken(`“${name}”`, referring("the token", made));
    },
    list: () =>
      read(
        db,
        Row,
        Prisma.sql`${select} from api_token t join person on person.id = t.person_id
          where t.revoked_at is null order by t.id desc limit ${MOST}::int`,
      ),
    async find(tokenId) {
      const [known] = await read(
        db,
        Known,
        Prisma.sql`select t.id as "tokenId", t.person_id as "personId", person.name as person, t.scope,
            t.secret_hash as "secretHash"
          from api_token t join person on person.id = t.person_id
          where t.id = ${tokenId}::int and t.revoked_at is null`,
      );
      return known ?? null;
    },
    async noteUse(tokenId) {
      await db.$executeRaw`update api_token set last_used_at = date_trunc('hour', now())
        where id = ${tokenId}::int and coalesce(last_used_at, '-infinity') < date_trunc('hour', now())`;
    },
    async revoke(tokenId) {
      const what = demandId("token", tokenId);
      const set = await db.$executeRaw`update api_token set revoked_at = coalesce(revoked_at, now())
        where id = ${tokenId}::int`;
      if (set === 0) throw new AppError("not_found", `there is no ${what}`);
    },
    async restore(tokenId) {
      const what = demandId("token", tokenId);
      const set = db.$executeRaw`update api_token set revoked_at = null where id = ${tokenId}::int
        and (revoked_at is null or revoked_at > now() - make_interval(mins => ${REVOKE_UNDO_MINUTES}::int))`;
      if ((await unlessTaken("of that token", set)) === 0) throw await tooLate(db, tokenId, what);
    },
  };
}

async function tooLate(db: Db, tokenId: number, what: string): Promise<AppError> {
  await readOne(db, Id, Prisma.sql`select id from api_token where id = ${tokenId}::int`, what);
  return new AppError("conflict", `${what} was revoked more than ${REVOKE_UNDO_MINUTES} minutes ago`, {
    fix: "make a new token",
  });
}

async function unlessTaken<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (sqlState(cause) !== "23505") throw cause;
    throw new AppError("conflict", `there is a token ${name} already`, {
      fix: "give it another name, or revoke the other one first",
      cause,
    });
  }
}
