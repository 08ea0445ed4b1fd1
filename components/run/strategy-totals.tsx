/** `StrategyTotals`: what each strategy would train on of a run; `StrategyDisagreements`: where two of them differ. */
import Link from "next/link";
import type { Comparison } from "@/lib/core/strategies/comparison";
import { pairWords, strategyPairs } from "@/lib/core/strategies/disagree";
import { strategyList } from "@/lib/core/strategies/registry";
import { formatCount } from "@/components/ui/numbers";
import { Table, Td, Th, Tr } from "@/components/ui/table";

export function StrategyTotals({ totals, trajectories }: Pick<Comparison, "totals" | "trajectories">) {
  return (
    <Table caption={`What each strategy would train on, of ${trajectories} trajectories`}>
      <thead>
        <tr>
          <Th>Strategy</Th>
          <Th align="end">Expert actions</Th>
          <Th align="end">Undecided</Th>
          <Th align="end">Examples</Th>
          <Th align="end">Trajectories</Th>
          <Th align="end">About tokens</Th>
          <Th>Rests on</Th>
        </tr>
      </thead>
      <tbody>
        {strategyList.map(({ name, label, about, level }) => {
          const total = totals[name];
          return (
            <Tr key={name}>
              <Td className="py-2">
                <span className="font-medium">{label}</span>
                <p className="text-xs text-ink-2">{about}</p>
              </Td>
              <Td align="end">{formatCount(total.actions)}</Td>
              <Td align="end">{formatCount(total.undecided)}</Td>
              <Td align="end">{formatCount(total.examples)}</Td>
              <Td align="end">{formatCount(total.trajectories)}</Td>
              <Td align="end">{formatCount(total.tokens)}</Td>
              <Td className="text-ink-2">{level}</Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

export function StrategyDisagreements({ runId, of }: { runId: number; of: Comparison["disagreements"] }) {
  return (
    <Table caption="Where two strategies disagree">
      <thead>
        <tr>
          <Th>One trains what the other excludes</Th>
          <Th align="end">Actions</Th>
          <Th align="end">Trajectories</Th>
        </tr>
      </thead>
      <tbody>
        {strategyPairs.map((pair) => {
          const { actions, trajectories } = of[pair];
          return (
            <Tr key={pair}>
              <Td>{pairWords(pair)}</Td>
              <Td align="end">{formatCount(actions)}</Td>
              <Td align="end">
                {trajectories === 0 ? (
                  "0"
                ) : (
                  <Link
                    href={`/trajectories?source=any&outcome=any&run=${runId}&disagree=${pair}`}
                    className="underline"
                  >
                    {formatCount(trajectories)}
                  </Link>
                )}
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
