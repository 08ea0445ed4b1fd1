import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";

export default function NotFound() {
  return (
    <>
      <PageHeader title="There is nothing at this address" />
      <div className="flex max-w-[64ch] flex-col gap-4 text-base text-ink-2">
        <p>What it pointed at was never here, or its number is mistyped. Trajectories are never deleted.</p>
        <div className="flex gap-2">
          <ButtonLink href="/trajectories" variant="primary">
            Trajectories
          </ButtonLink>
          <ButtonLink href="/">Overview</ButtonLink>
        </div>
      </div>
    </>
  );
}
