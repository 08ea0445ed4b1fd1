import { AppError } from "@/lib/core/errors";

/** The longest JSON body: a run or dataset over 100,000 chosen trajectories fits. */
const MOST_BYTES = 1_000_000;

/** A request's JSON body. @throws AppError invalid_input when it is not JSON, too_large when it is longer than 1 MB */
export async function jsonBody(request: Request): Promise<unknown> {
  const text = await textOf(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", "the request's body is not JSON", { cause });
  }
}

/** Reads no further than is allowed, whatever the request says of its length. */
async function textOf({ body }: Request): Promise<string> {
  if (!body) throw new AppError("invalid_input", "the request has no body", { fix: "send JSON" });
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new TextDecoder().decode(Buffer.concat(pieces));
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw new AppError("too_large", "the request's body is longer than 1 MB", {
        fix: "name fewer things at once, or a filter instead",
      });
    }
    pieces.push(value);
  }
}
