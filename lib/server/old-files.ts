import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Removes the files of a folder that were not written to since a time. A file that somebody else removes meanwhile is gone
 * as it should be: two that tidy up at once do not stop each other.
 * @param since in milliseconds since 1970
 */
export async function removeOld(folder: string, since: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const written = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (written && written.mtimeMs < since) await rm(file, { force: true });
  }
}
