import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { tokenScopes, type ApiTokenRow, type TokenScope } from "@/lib/core/api-token";
import { AppError } from "@/lib/core/errors";
import type { PersonRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

const SECRET_BYTES = 32;

/** A token to make: what it is for, and what it may do. */
export const TokenInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scope: z.enum(tokenScopes).default("write"),
});
/** A change of a token: revoked, or taken back within ten minutes. */
export const TokenChange = z.strictObject({ tokenId: z.number().int().positive(), revoked: z.boolean() });

/** Who acts with a token, and what they may do. */
export type Bearer = { person: PersonRow; scope: TokenScope };

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Compared with where there is no token of that number, so that both cases take the same time. */
const nobody = Buffer.alloc(hashOf("").length);

/**
 * Makes a token that acts as this person.
 * @returns its row, and the token itself: this is the only time it can be had
 * @throws AppError conflict when another that is not revoked has that name
 */
export async function createToken(
  { store }: Pick<Deps, "store">,
  personId: number,
  { name, scope }: z.output<typeof TokenInput>,
): Promise<{ row: ApiTokenRow; token: string }> {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const row = await store.apiTokens.create({ name, scope, secretHash: hashOf(secret), personId });
  return { row, token: `glr_${row.tokenId}_${secret}` };
}

/** The tokens that work, newest first. */
export function listTokens({ store }: Pick<Deps, "store">): Promise<ApiTokenRow[]> {
  return store.apiTokens.list();
}

/** @throws AppError not_found, conflict when it is too late to take a revocation back */
export async function changeToken(
  { store }: Pick<Deps, "store">,
  { tokenId, revoked }: z.output<typeof TokenChange>,
): Promise<void> {
  if (revoked) await store.apiTokens.revoke(tokenId);
  else await store.apiTokens.restore(tokenId);
}

/**
 * Who a request's `Authorization` header speaks for. The secret is compared in constant time, and a token that is not
 * there is refused like one whose secret is wrong.
 * @throws AppError unauthenticated saying how to come by a token
 */
export async function authenticate(
  { store }: Pick<Deps, "store">,
  authorization: string | null,
): Promise<Bearer> {
  const sent = /^Bearer +glr_([1-9]\d{0,8})_([A-Za-z0-9_-]{43})$/i.exec(authorization?.trim() ?? "");
  if (!sent)
    throw refusal(authorization === null ? "this needs a token" : "this is not one of Gleaner's tokens");
  const known = await store.apiTokens.find(Number(sent[1]));
  const same = timingSafeEqual(hashOf(sent[2] ?? ""), known?.secretHash ?? nobody);
  if (!known || !same) throw refusal("this token is unknown or was revoked");
  await store.apiTokens.noteUse(known.tokenId);
  return { person: { personId: known.personId, name: known.person }, scope: known.scope };
}

function refusal(message: string): AppError {
  return new AppError("unauthenticated", message, {
    fix: "make one on the Settings page or with `npm run gleaner -- token new NAME`, and send it as `Authorization: Bearer glr_…`",
  });
}
