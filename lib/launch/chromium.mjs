import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { inRoot, setupRoot } from "./paths.mjs";
import { run } from "./processes.mjs";
import { LaunchError } from "./say.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macApps = ["Google Chrome", "Chromium"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

function onThisSystem() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...places, ...macApps].find((file) => existsSync(file)) ?? null;
}

/** The package's own configuration names folders of a lambda; a browser without any font crashes on form fields. */
const fontsConfig = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, "fonts", "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, "fonts", "cache")}</cachedir>
</fontconfig>
`;

/** Unpacks the Chromium that comes by npm, with the libraries it needs, once per version. */
async function fromPackage() {
  const manifest = inRoot("node_modules", "@sparticuz", "chromium", "package.json");
  if (!existsSync(manifest) || process.platform !== "linux" || process.arch !== "x64") return null;
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const folder = path.join(setupRoot, `chromium-${version}`);
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const script = 'import("@sparticuz/chromium").then((chromium) => chromium.default.executablePath())';
    // The package unpacks its own copies of the system libraries only where it takes itself to be in a lambda.
    const env = { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
    const { code, output } = await run(process.execPath, ["-e", script], { env });
    if (code !== 0)
      throw new LaunchError(`the test browser could not be unpacked: ${output.trim()}`, "free some space");
    renameSync(unfinished, folder);
    writeFileSync(path.join(folder, "fonts", "fonts.conf"), fontsConfig(folder));
  });
  const libraries = path.join(folder, "al2023", "lib");
  return {
    executablePath: path.join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
      FONTCONFIG_PATH: path.join(folder, "fonts"),
    },
  };
}

/**
 * A Chromium for the tests: CHROMIUM_PATH, else the system's, else the one that comes by npm (Linux on x64).
 * @returns its program and the environment variables it needs
 */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given))
    throw new LaunchError(`CHROMIUM_PATH names ${given}, which does not exist`, "correct it, or unset it");
  const installed = given || onThisSystem();
  if (installed) return { executablePath: installed, env: {} };
  const packaged = await fromPackage();
  if (packaged) return packaged;
  throw new LaunchError(
    "there is no Chromium for the browser tests",
    "install Chromium or Chrome, or name one: CHROMIUM_PATH=/path/to/chrome npm test",
  );
}
