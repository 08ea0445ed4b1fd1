/** `CopyText`: a long identifier, shortened, with a button that copies the whole of it. */
import { CopyButton } from "./copy-button";

export function CopyText({ text, shown, name }: { text: string; shown: string; name: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <code title={text} className="text-xs">
        {shown}
      </code>
      <CopyButton text={text} name={name} className="size-5 text-ink-3" />
    </span>
  );
}
