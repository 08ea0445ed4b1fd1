"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

const SOON_MS = 400;

/** Asks the server for its part of the page again whenever `mark`, seen by polling, has changed. */
export function useRefreshed(mark: string): void {
  const router = useRouter();
  const [first] = useState(mark);
  useEffect(() => {
    if (mark === first) return;
    const soon = setTimeout(() => router.refresh(), SOON_MS);
    return () => clearTimeout(soon);
  }, [mark, first, router]);
}
