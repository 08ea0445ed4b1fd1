import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { AppError } from "@/lib/core/errors";
import { secretKey } from "./env";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A secret as it is stored: AES-256-GCM, `<key id>.<base64url of iv, tag, ciphertext>`.
 * @param owner authenticated with it, so that a ciphertext moved to another owner cannot be read
 * @throws AppError invalid_input when no GLEANER_SECRET is set
 */
export function encryptSecret(secret: string, owner: string): string {
  const key = demandKey();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(owner));
  const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return `${keyId(key)}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
}

/**
 * The secret behind `encryptSecret`.
 * @throws AppError invalid_input when the key is missing, is another one, or the ciphertext belongs to another owner
 */
export function decryptSecret(stored: string, owner: string): string {
  const key = demandKey();
  const [id, text = ""] = stored.split(".");
  if (id !== keyId(key))
    throw new AppError(
      "invalid_input",
      `the secret of “${owner}” was encrypted with another GLEANER_SECRET`,
      {
        fix: "set GLEANER_SECRET to what it was, or enter the secret again",
      },
    );
  const bytes = Buffer.from(text, "base64url");
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  try {
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `the secret of “${owner}” is damaged or belongs to another name`, {
      fix: "enter the secret again",
      cause,
    });
  }
}

/** Names a key without telling it, so that a ciphertext says which key it needs. */
function keyId(key: Buffer): string {
  return createHash("sha256").update("gleaner key id").update(key).digest("hex").slice(0, 8);
}

function demandKey(): Buffer {
  const key = secretKey();
  if (key) return key;
  throw new AppError("invalid_input", "secrets cannot be stored: GLEANER_SECRET is not set", {
    fix: "start with `npm start`, which makes one, or set it to the output of: node -p \"crypto.randomBytes(32).toString('base64url')\"",
  });
}
