"use client";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

const sheet: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Move",
    keys: [
      [["j", "k"], "next, previous action; the arrow keys as well"],
      [["J", "K"], "next, previous action still to review"],
      [["d", "D"], "next, previous action that mining left undecided"],
      [["]", "["], "next, previous trajectory of the list"],
      [["}", "{"], "next, previous trajectory with something left to review"],
    ],
  },
  {
    title: "Decide",
    keys: [
      [["a"], "approve: train on it"],
      [["x"], "veto: keep it out, with a reason"],
      [["p"], "promote: train on it although mining excludes it"],
      [["Shift", "a x p"], "the same for all actions judged together"],
      [["c"], "approve all beneficial actions of this trajectory that nobody has decided on"],
      [["n"], "note, stored with the decision"],
      [["u"], "undo what you decided last, on whatever trajectory"],
      [["1", "…"], "choose a reason; Enter without one; Esc not at all"],
    ],
  },
  {
    title: "In a review queue",
    keys: [
      [["Ctrl", "Enter"], "done with this trajectory, on to the next"],
      [["s"], "skip it: others get it"],
      [["S"], "take back what you skipped last, while it is free"],
    ],
  },
  {
    title: "Look",
    keys: [
      [["f"], "fork: the expert beside the best solved and the best unsolved rollout; back to the steps"],
      [["o"], "open or close the first rollout"],
      [["m"], "switch between approved only and all not vetoed"],
      [["t"], "thoughts, or actions only"],
      [["w"], "what did not change since the step before, folded or shown"],
      [["l"], "tool calls laid out, or as they were made"],
      [["i"], "details of every step: reward, lengths"],
      [["g"], "show or hide what each strategy says of every action"],
      [["/"], "find in every step; Enter, Shift+Enter go on and back"],
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
