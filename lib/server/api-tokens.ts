import "server-only";
import { refresh } from "next/cache";
import * as tokens from "@/lib/usecases/api-tokens";
import { defineAction } from "./action";
import { deps } from "./deps";

export const listTokens = () => tokens.listTokens(deps());

/** Makes a token that acts as the person of this browser; the only answer that ever holds it. */
export const createToken = defineAction(tokens.TokenInput, async (input, person) => {
  const { row, token } = await tokens.createToken(deps(), person.personId, input);
  refresh();
  return { name: row.name, token };
});

/** Revokes a token, or takes that back. */
export const changeToken = defineAction(tokens.TokenChange, async (change) => {
  await tokens.changeToken(deps(), change);
  refresh();
});
