import { tokenScopes } from "@/lib/core/api-token";
import { AppError } from "@/lib/core/errors";
import { changeToken, createToken, listTokens, TokenInput } from "@/lib/usecases/api-tokens";
import type { Context } from "./commands";
import { oneOf, readArguments, required, say, wholeNumber } from "./terminal";

/** Makes, lists and revokes tokens of the HTTP API. */
export async function token({ deps, person, terminal }: Context, args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, { scope: { type: "string" } });
  const [verb = "list", what] = positionals;
  if (verb === "new") {
    const name = required("NAME", what);
    const input = TokenInput.parse({ name, scope: oneOf("scope", values.scope, tokenScopes) });
    const made = await createToken(deps, person.personId, input);
    return say(
      terminal,
      { ...made.row, token: made.token },
      `${made.token}\ntoken ${made.row.tokenId} “${made.row.name}” acts as ${made.row.person} (${made.row.scope}); it is not shown again`,
    );
  }
  if (verb === "revoke") {
    const tokenId = required("TOKEN", wholeNumber("TOKEN", what));
    await changeToken(deps, { tokenId, revoked: true });
    return say(terminal, { tokenId, revoked: true }, `token ${tokenId} is revoked`);
  }
  if (verb !== "list")
    throw new AppError("invalid_input", `there is no “token ${verb}”`, { fix: "use new, list or revoke" });
  const rows = await listTokens(deps);
  const line = (r: (typeof rows)[number]) =>
    `${r.tokenId}  ${r.name}  ${r.scope}  ${r.person}  ${r.lastUsedAt === null ? "never used" : `used ${r.lastUsedAt.toISOString().slice(0, 13)}h`}`;
  say(terminal, rows, rows.map(line).join("\n") || "no tokens yet");
}
