"use client";
import { Search } from "lucide-react";
import { useRef } from "react";
import { coverageStates } from "@/lib/core/coverage";
import { verdicts } from "@/lib/core/verdict";
import { reviewStates } from "@/lib/core/review";
import { replayStates } from "@/lib/core/run";
import { pairWords, strategyPairs } from "@/lib/core/strategies/disagree";
import { coverageWords } from "@/components/coverage/coverage-words";
import { verdictLook } from "@/components/trajectory/verdict-look";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Choice, FilterForm } from "../filter-form";
import { replayWords, reviewWords, type Chip, type Facets } from "./chips";
import { parseView, viewHref, type ListView } from "./filter";
import { useKeys } from "./use-keys";

const SAID_HINT =
  "Whole words that are all said in the steps of a trajectory: actions, thoughts, and the first 4,000 characters of each observation, up to 200,000 characters and 2,000 steps in all. Parts of words are not found.";

/** The filters of the list. */
export function FilterBar({ view, facets, chips }: { view: ListView; facets: Facets; chips: Chip[] }) {
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": { run: () => search.current?.focus(), held: false } }, true);
  return (
    <FilterForm
      of={viewHref("list", view)}
      hrefOf={(asked) => viewHref("/trajectories", parseView(asked))}
      chips={chips}
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-56 flex-1">
          <Search aria-hidden className="absolute top-2 left-2 size-4 text-ink-3" />
          <Input
            ref={search}
            name="text"
            type="search"
            aria-label="Search instruction or subtask"
            placeholder="Instruction or subtask   /"
            maxLength={200}
            defaultValue={view.filter.text ?? ""}
            className="pl-8"
          />
        </div>
        <Input
          name="said"
          type="search"
          aria-label="Search words in steps"
          aria-describedby="said-hint"
          placeholder="Words in its steps"
          maxLength={200}
          title={SAID_HINT}
          defaultValue={view.filter.said ?? ""}
          className="!w-56"
        />
        <p id="said-hint" className="sr-only">
          {SAID_HINT}
        </p>
        <Button type="submit">Search</Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Selects view={view} facets={facets} />
        <Rewards view={view} />
      </div>
    </FilterForm>
  );
}

function Selects({ view, facets }: { view: ListView; facets: Facets }) {
  const { filter } = view;
  return (
    <>
      <Choice name="source" label="Source" value={filter.source ?? "any"}>
        <option value="expert">expert</option>
        <option value="agent">agent</option>
        <option value="any">any source</option>
      </Choice>
      <Choice
        name="outcome"
        label="Outcome"
        value={filter.success === null ? "any" : filter.success ? "solved" : "failed"}
      >
        <option value="failed">failed</option>
        <option value="solved">solved</option>
        <option value="any">any outcome</option>
      </Choice>
      <Choice name="environment" label="Environment" value={String(filter.environmentId ?? "")}>
        <option value="">any environment</option>
        {facets.environments.map((e) => (
          <option key={e.environmentId} value={e.environmentId}>
            {e.name}
          </option>
        ))}
      </Choice>
      <Choice name="coverage" label="Coverage" value={filter.coverage ?? ""}>
        <option value="">any coverage</option>
        {coverageStates.map((state) => (
          <option key={state} value={state}>
            task {coverageWords[state]}
          </option>
        ))}
      </Choice>
      {filter.subtaskId === null ? null : <input type="hidden" name="subtask" value={filter.subtaskId} />}
      <Choice name="model" label="Model" value={filter.model ?? ""}>
        <option value="">any model</option>
        {facets.models.map((model) => (
          <option key={model}>{model}</option>
        ))}
      </Choice>
      <Choice name="run" label="Run" value={String(filter.runId ?? "")}>
        <option value="">newest run</option>
        {facets.runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            {run.name}
          </option>
        ))}
      </Choice>
      <Choice name="verdict" label="Verdict" value={filter.verdict ?? ""}>
        <option value="">any verdict</option>
        {verdicts.map((verdict) => (
          <option key={verdict} value={verdict}>
            {verdictLook(verdict, false).word}
          </option>
        ))}
      </Choice>
      <Choice name="review" label="Review" value={filter.review ?? ""}>
        <option value="">any review state</option>
        {["open" as const, ...reviewStates, "unmined" as const].map((state) => (
          <option key={state} value={state}>
            {reviewWords[state]}
          </option>
        ))}
      </Choice>
      <Choice name="replay" label="Replay" value={filter.replay ?? ""}>
        <option value="">any replay</option>
        {replayStates.map((state) => (
          <option key={state} value={state}>
            replay {replayWords[state]}
          </option>
        ))}
      </Choice>
      <Choice name="disagree" label="Strategies that disagree" value={filter.disagreement ?? ""}>
        <option value="">agreeing or not</option>
        <option value="any">any two strategies disagree</option>
        {strategyPairs.map((pair) => (
          <option key={pair} value={pair}>
            {pairWords(pair)} disagree
          </option>
        ))}
      </Choice>
    </>
  );
}

function Rewards({ view }: { view: ListView }) {
  const field = (name: string, label: string, value: number | null) => (
    <Input
      name={name}
      aria-label={label}
      placeholder={name}
      inputMode="decimal"
      defaultValue={value ?? ""}
      className="!w-14 text-center"
    />
  );
  return (
    <span className="flex items-center gap-1 text-sm text-ink-3">
      reward
      {field("min", "Lowest reward", view.filter.minReward)}–
      {field("max", "Highest reward", view.filter.maxReward)}
    </span>
  );
}
