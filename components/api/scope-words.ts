import type { TokenScope } from "@/lib/core/api-token";

/** What a token may do, in words. */
export const scopeWords: Record<TokenScope, string> = {
  read: "read only",
  write: "read, import, mine, decide, freeze",
};
