"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

const REFRESH_MS = 3000;

/** Says that an iteration explores, and reads the page again while it does. */
export function KeepFresh({ iteration, checkpoint }: { iteration: number; checkpoint: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <p role="status" className="text-sm text-ink-2">
      Iteration {iteration} explores with {checkpoint}. Its dataset can be frozen when its collection and its
      run are over.
    </p>
  );
}
