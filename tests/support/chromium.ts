import type { LaunchOptions } from "@playwright/test";
import { findChromium } from "../../lib/launch/chromium.mjs";

/** How Playwright starts the browser found on this machine, which may run as root and in a container. */
export async function chromiumLaunch(): Promise<LaunchOptions> {
  const { executablePath, env } = await findChromium();
  return {
    executablePath,
    env: { ...process.env, ...env },
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  };
}
