/** `Skeleton`: the place of something that is loading, in its final size (className: height and width). */
import { cx } from "./class-names";

export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={cx("block animate-pulse rounded-sm bg-hover", className)} />;
}
