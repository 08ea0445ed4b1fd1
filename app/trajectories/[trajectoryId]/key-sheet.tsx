"use client";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

const sheet: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Move",
    keys: [
      [["j", "k"], "next, previous action"],
      [["J", "K"], "next, previous action still to review"],
      [["]", "["], "next, previous trajectory"],
    ],
  },
  {
    title: "Decide",
    keys: [
      [["a"], "approve: train on it"],
      [["x"], "veto: keep it out, with a reason"],
      [["p"], "promote: train on it although mining excludes it"],
      [["Shift", "a x p"], "the same for all actions judged together"],
      [["n"], "note, stored with the decision"],
      [["u"], "undo"],
      [["1", "…"], "choose a reason; Enter without one; Esc not at all"],
    ],
  },
  {
    title: "In a review queue",
    keys: [
      [["Ctrl", "Enter"], "done with this trajectory, on to the next"],
      [["s"], "skip it: others get it"],
    ],
  },
  {
    title: "Look",
    keys: [
      [["m"], "switch between approved only and all not vetoed"],
      [["t"], "thoughts, or actions only"],
      [["w"], "what did not change since the step before, folded or shown"],
      [["/"], "find in every step; Enter, Shift+Enter go on and back"],
      [["o"], "open or close the first rollout"],
      [["s"], "show or hide what each strategy says of every action"],
      [["?"], "this sheet"],
    ],
  },
];

/** Every key of the review page. */
export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys">
      <div className="flex flex-col gap-4">
        {sheet.map((part) => (
          <section key={part.title}>
            <h3 className="mb-1 text-sm font-medium text-ink-3">{part.title}</h3>
            <dl className="grid grid-cols-[112px_1fr] gap-y-1.5 text-sm">
              {part.keys.map(([keys, does]) => (
                <div key={does} className="contents">
                  <dt className="flex items-center gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
