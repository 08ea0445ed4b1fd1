/**
 * `PageSkeleton`: a page on its way: heading and `rows` lines of content in their final place. It stays invisible for the
 * first 300 ms, so that a fast page does not flash.
 */
import { Skeleton } from "./skeleton";

export function PageSkeleton({ label, rows }: { label: string; rows: number }) {
  return (
    <div role="status" className="opacity-100 transition-opacity delay-300 duration-100 starting:opacity-0">
      <span className="sr-only">Loading {label}</span>
      <div className="pt-6 pb-4">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="mt-1.5 h-4 w-80" />
      </div>
      <div className="flex flex-col gap-px rounded border border-line bg-surface p-3">
        {Array.from({ length: rows }, (_, i) => (
          <Skeleton key={i} className="my-1.5 h-5 w-full" />
        ))}
      </div>
    </div>
  );
}
