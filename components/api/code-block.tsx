/** `CodeBlock`: lines to copy. It scrolls sideways by itself, also by keyboard; `name` says what is copied. */
import { CopyButton } from "@/components/ui/copy-button";

export function CodeBlock({ text, name }: { text: string; name: string }) {
  return (
    <div className="flex items-start rounded border border-line bg-sunken">
      <pre
        role="group"
        tabIndex={0}
        aria-label={name}
        className="min-w-0 flex-1 overflow-x-auto px-3 py-2 text-xs"
      >
        <code>{text}</code>
      </pre>
      <CopyButton text={text} name={name} className="m-1 size-6 shrink-0 text-ink-2" />
    </div>
  );
}
