/** `IterationTable`: one line per iteration: who explored, what came of it, what it cost, and what was frozen of it. */
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { coverageWords, perNewlySolvedWords, rateWords, type ShownIteration } from "./campaign-words";

type Props = { iterations: ShownIteration[]; solvedByExpert: number };

export function IterationTable({ iterations, solvedByExpert }: Props) {
  return (
    <Table caption="Iterations of this campaign">
      <thead>
        <tr>
          <Th align="end">k</Th>
          <Th>Checkpoint</Th>
          <Th align="end">BC set</Th>
          <Th>Exploration</Th>
          <Th align="end">All subtasks, from the start</Th>
          <Th align="end">Failures, from the start</Th>
          <Th align="end">Failures, from the expert’s states</Th>
          <Th align="end">Expert failed, solved now</Th>
          <Th align="end">Per newly solved</Th>
          <Th align="end">Verdicts</Th>
          <Th>Dataset</Th>
        </tr>
      </thead>
      <tbody>
        {iterations.map((iteration) => (
          <IterationLine key={iteration.iteration} iteration={iteration} solvedByExpert={solvedByExpert} />
        ))}
      </tbody>
    </Table>
  );
}

type LineProps = { iteration: ShownIteration; solvedByExpert: number };

function IterationLine({ iteration: { figures, ...row }, solvedByExpert }: LineProps) {
  return (
    <Tr>
      <Td align="end" className="font-medium">
        {row.iteration}
      </Td>
      <Td className="whitespace-nowrap">
        {row.checkpoint} <span className="text-xs text-ink-3">{row.policy}</span>
      </Td>
      <Td align="end">{formatCount(solvedByExpert)}</Td>
      <Td className="whitespace-nowrap">
        <span className="flex items-center gap-2">
          <Badge tone={figures.open ? "accent" : "good"}>{figures.open ? "exploring" : "explored"}</Badge>
          {row.collectionId === null ? null : (
            <Quiet href={`/collections/${row.collectionId}`}>collection {row.collectionId}</Quiet>
          )}
          {row.runId === null ? null : <Quiet href={`/runs/${row.runId}`}>run {row.runId}</Quiet>}
        </span>
      </Td>
      <Td align="end">{rateWords(figures.starts)}</Td>
      <Td align="end">{rateWords(figures.fromStart)}</Td>
      <Td align="end">{rateWords(figures.fromStates)}</Td>
      <Td align="end">{coverageWords(figures.coverage)}</Td>
      <Td align="end">{perNewlySolvedWords(figures)}</Td>
      <Td align="end">
        {formatCount(figures.verdicts)}{" "}
        {figures.staleVerdicts > 0 ? (
          <Badge tone="warn" title="By a checkpoint that is not the campaign’s newest">
            stale
          </Badge>
        ) : null}
      </Td>
      <Td className="whitespace-nowrap">
        {row.datasetId === null ? (
          <span className="text-xs text-ink-3">not frozen</span>
        ) : (
          <Quiet href={`/datasets/${row.datasetId}`}>dataset {row.datasetId}</Quiet>
        )}
      </Td>
    </Tr>
  );
}

function Quiet({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="text-xs text-ink-2 underline underline-offset-2 hover:text-ink">
      {children}
    </Link>
  );
}
