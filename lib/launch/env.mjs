// npm run env -- list                   environments that need something installed, and whether it is
// npm run env -- install scienceworld   fetches the simulator; --jar PATH takes one that is already here,
//                                       --python PROGRAM names the Python to fetch with, --upgrade fetches anew
// npm run env -- install trainers       fetches the trainers `npm run proofs` asks; --python and --upgrade as above
import { parseArgs } from "node:util";
import { main } from "./main.mjs";
import { LaunchError, say } from "./say.mjs";
import { scienceworld } from "./scienceworld.mjs";
import { trainers } from "./trainers.mjs";

/** What can be installed beside the npm packages. */
const installable = { scienceworld, trainers };

const usage =
  "npm run env -- list, or npm run env -- install scienceworld|trainers [--jar PATH] [--python PROGRAM] [--upgrade]";

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { jar: { type: "string" }, python: { type: "string" }, upgrade: { type: "boolean" } },
    });
  } catch (error) {
    throw new LaunchError(error.message, usage);
  }
}

await main(async () => {
  const { positionals, values } = parse();
  const [command, name, ...rest] = positionals;
  if (command === "list" && !name) {
    for (const [id, { title, state }] of Object.entries(installable))
      say(`${id}: ${title}\n  ${await state()}`);
    return;
  }
  if (command !== "install" || !name || rest.length)
    throw new LaunchError(
      command ? `“${positionals.join(" ")}” is not understood` : "nothing was asked for",
      usage,
    );
  if (!Object.hasOwn(installable, name))
    throw new LaunchError(
      `nothing can be installed for “${name}”`,
      `name one of ${Object.keys(installable).join(", ")}`,
    );
  await installable[name].install(values);
});
