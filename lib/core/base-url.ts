import { z } from "zod";

const metadataHosts = /^(169\.254\.|\[fd00:ec2:|\[::ffff:a9fe:|metadata\.)/i;

/** Where requests may go: anywhere a person names, but never with a password on show or to a cloud's metadata. */
function reachable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && !metadataHosts.test(hostname);
}

/** The address of an API, up to and including `/v1`. */
export const BaseURL = z.string().refine(reachable, {
  error: "must be an http or https address without a name or password, and no cloud metadata address",
  abort: true,
});
