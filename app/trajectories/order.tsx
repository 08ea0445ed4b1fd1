"use client";
import { useRouter } from "next/navigation";
import { trajectorySorts, type TrajectorySort } from "@/lib/core/rows";
import { Select } from "@/components/ui/field";
import { viewHref, type ListView } from "./filter";

const words: Record<TrajectorySort, string> = {
  newest: "newest first",
  oldest: "oldest first",
  reward: "highest reward",
  length: "most steps",
  beneficial: "most beneficial",
  harmful: "most harmful",
  undecided: "most undecided",
  worth: "matters most",
};

/** The order of the list; it lives in the address like the filters. */
export function Order({ view }: { view: ListView }) {
  const router = useRouter();
  const choose = (value: string) => {
    const sort = trajectorySorts.find((s) => s === value) ?? "newest";
    router.push(viewHref("/trajectories", { filter: view.filter, sort }));
  };
  return (
    <Select
      aria-label="Order"
      className="ml-auto min-[1400px]:ml-0"
      value={view.sort}
      onChange={(event) => choose(event.target.value)}
    >
      {trajectorySorts.map((sort) => (
        <option key={sort} value={sort}>
          {words[sort]}
        </option>
      ))}
    </Select>
  );
}
