import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/section";

const steps = [
  {
    title: "Bring trajectories in",
    text: "Expert episodes with their outcome: AgentTraj, ETO, OpenAI chat, tau-bench, or Gleaner’s own JSONL. No file at hand? The import page has made-up samples, and rollouts that fit them.",
    href: "/import",
    action: "Import a file",
  },
  {
    title: "Mine the failures",
    text: "An agent plays on from states along every failed trajectory. Where it succeeds shows which expert actions helped and which one broke it.",
    href: "/runs/new",
    action: "Choose an agent",
  },
  {
    title: "Review, freeze, download",
    text: "Approve the beneficial actions, veto what is luck, then freeze a dataset in which everything harmful is masked.",
    href: "/trajectories",
    action: "See the list",
  },
] as const;

/** What to do in a workspace that holds nothing yet. */
export function FirstSteps() {
  return (
    <Section title="Start here" note="the workspace is empty">
      <ol className="grid gap-6 lg:grid-cols-3">
        {steps.map(({ title, text, href, action }, i) => (
          <li key={href} className="flex flex-col items-start gap-2">
            <p className="text-lg font-semibold">
              <span className="mr-2 text-ink-3">{i + 1}</span>
              {title}
            </p>
            <p className="text-base text-ink-2">{text}</p>
            <ButtonLink href={href} className="mt-auto" variant={i === 0 ? "primary" : "secondary"}>
              {action}
            </ButtonLink>
          </li>
        ))}
      </ol>
      <p className="mt-6 border-t border-line pt-4 text-sm text-ink-2">
        To try the whole path without a model: <code>npm start</code> in an empty data folder loads a demo
        shop in which a built-in expert fails now and then, and a built-in agent plays on from there.
      </p>
    </Section>
  );
}
