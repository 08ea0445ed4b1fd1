import { beforeAll, describe, expect, it } from "vitest";
import { authenticate, changeToken, createToken, listTokens, TokenInput } from "@/lib/usecases/api-tokens";
import { useStore } from "../support/store";

const db = useStore();
let personId = 0;
const make = (name: string) => createToken({ store: db.store }, personId, TokenInput.parse({ name }));
const bearer = (token: string) => authenticate({ store: db.store }, `Bearer ${token}`);

beforeAll(async () => void ({ personId } = await db.store.people.ensure("Ada")));

describe("tokens", () => {
  it("speak for who made them, and may write unless told otherwise", async () => {
    const { row, token } = await make("first");
    expect(row).toMatchObject({ name: "first", person: "Ada", scope: "write", lastUsedAt: null });
    expect(await bearer(token)).toEqual({ person: { personId, name: "Ada" }, scope: "write" });
  });

  it("are each another, even of the same person", async () => {
    const [one, two] = [await make("one"), await make("two")];
    const swapped = one.token.replace(/^glr_\d+/, `glr_${two.row.tokenId}`);
    await expect(bearer(swapped)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("have names that tell them apart while they work", async () => {
    const { row } = await make("nightly");
    await expect(make("nightly")).rejects.toMatchObject({ code: "conflict" });
    await changeToken({ store: db.store }, { tokenId: row.tokenId, revoked: true });
    await make("nightly");
    const restored = changeToken({ store: db.store }, { tokenId: row.tokenId, revoked: false });
    await expect(restored).rejects.toMatchObject({ code: "conflict" });
  });

  it("are listed newest first without those that are revoked", async () => {
    const { row } = await make("gone");
    expect((await listTokens({ store: db.store })).map(({ name }) => name)[0]).toBe("gone");
    await changeToken({ store: db.store }, { tokenId: row.tokenId, revoked: true });
    expect((await listTokens({ store: db.store })).map(({ name }) => name)).not.toContain("gone");
  });

  it.each([0, 99_999, 2 ** 40])("that are not there cannot be revoked: %s", async (tokenId) => {
    const revoked = changeToken({ store: db.store }, { tokenId, revoked: true });
    await expect(revoked).rejects.toMatchObject({ code: "not_found" });
  });

  it("note the hour of a use once, whoever uses them at the same moment", async () => {
    const { row, token } = await make("busy");
    await Promise.all(Array.from({ length: 8 }, () => bearer(token)));
    const listed = (await listTokens({ store: db.store })).find(({ tokenId }) => tokenId === row.tokenId);
    expect(listed?.lastUsedAt?.getUTCMinutes()).toBe(0);
  });

  it("are kept as a whole hash or not at all", async () => {
    const cut = db.query("update api_token set secret_hash = substring(secret_hash for 16)");
    await expect(cut).rejects.toThrow("api_token_hash_whole");
  });
});
