/** What a token may do: `read` looks only; `write` also imports, starts runs, decides and freezes. */
export const tokenScopes = ["read", "write"] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** How long a revoked token can be taken back, for who revoked the wrong one; after that it is gone for good. */
export const REVOKE_UNDO_MINUTES = 10;

/** A token of the HTTP API. The secret itself is kept nowhere: it is shown once, when it is made. */
export type ApiTokenRow = {
  tokenId: number;
  name: string;
  /** Who acts where it is used. */
  person: string;
  scope: TokenScope;
  createdAt: Date;
  /** The hour of its last use, no finer; null when it was never used. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** What a use of a token is checked against. `secretHash` is the SHA-256 of the secret. */
export type KnownToken = {
  tokenId: number;
  personId: number;
  person: string;
  scope: TokenScope;
  secretHash: Uint8Array;
};

/** Tokens of the HTTP API; one list for the whole team. */
export interface ApiTokenStore {
  /** @throws AppError conflict when another that is not revoked has that name */
  create(token: {
    name: string;
    scope: TokenScope;
    secretHash: Uint8Array;
    personId: number;
  }): Promise<ApiTokenRow>;
  /** Those that are not revoked, newest first. */
  list(): Promise<ApiTokenRow[]>;
  /** One that is not revoked; null where there is none. */
  find(tokenId: number): Promise<KnownToken | null>;
  /** Notes the hour; writes once an hour at most. */
  noteUse(tokenId: number): Promise<void>;
  /** Revoking twice changes nothing. @throws AppError not_found */
  revoke(tokenId: number): Promise<void>;
  /** Takes a revocation back. @throws AppError not_found, conflict when it is too late or its name was taken since */
  restore(tokenId: number): Promise<void>;
}
