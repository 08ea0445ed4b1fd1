import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import type { Metadata } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { Frame } from "@/components/shell/frame";
import "./globals.css";
import { Navigation } from "./navigation";
import { Providers } from "./providers";
import { SettingsLink } from "./settings-link";
import { readTheme, THEME_COOKIE } from "./theme";
import { ThemeToggle } from "./theme-toggle";

export const metadata: Metadata = {
  title: { default: "Gleaner", template: "%s · Gleaner" },
  description: "Turns the failures of expert LLM agents into training data",
  icons: { icon: "/icon.svg" },
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is rendered per request: the script nonce of the content security policy is made there.
  await headers();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <body>
        <Providers>
          <Frame
            navigation={<Navigation />}
            tools={
              <>
                <SettingsLink />
                <ThemeToggle initial={theme} />
              </>
            }
          >
            {children}
          </Frame>
        </Providers>
      </body>
    </html>
  );
}
