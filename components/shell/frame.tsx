/**
 * `Frame`: what stands around every page: skip link, top bar (brand, navigation, tools), main. Pages start with
 * `PageHeader` and put their parts into a column with gap-4; the frame gives the side room.
 */
import Link from "next/link";
import type { ReactNode } from "react";
import { Brand } from "./brand";

export function Frame(props: { navigation: ReactNode; tools: ReactNode; children: ReactNode }) {
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-surface focus:px-3 focus:py-1"
      >
        Skip to content
      </a>
      <header className="flex h-12 items-stretch gap-6 border-b border-line bg-surface px-6">
        <Link href="/" aria-label="Gleaner, overview" className="flex items-center">
          <Brand />
        </Link>
        {props.navigation}
        <div className="ml-auto flex items-center gap-2">{props.tools}</div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1760px] px-6 pb-16 outline-none">
        {props.children}
      </main>
    </>
  );
}
