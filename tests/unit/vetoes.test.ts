import { describe, expect, it } from "vitest";
import { csvLine } from "@/lib/core/csv";
import { contradictsMiner, seenVerdicts } from "@/lib/core/review-history";
import { decisions } from "@/lib/core/review";
import { wilson } from "@/lib/core/statistics";
import { actionKind, noKind, vetoRates, type StandingDecision } from "@/lib/core/vetoes";

const decided = (change: Partial<StandingDecision> = {}): StandingDecision => ({
  decision: "approve",
  reason: null,
  verdictSeen: "beneficial",
  ruleVersion: "eef-1",
  environment: "shop",
  action: "click[back]",
  ...change,
});
const times = (n: number, change: Partial<StandingDecision>) =>
  Array.from({ length: n }, () => decided(change));
const veto = (reason: string | null = null) => ({ decision: "veto", reason }) as const;

describe("the kind of an action", () => {
  it.each([
    ["click[b07x]", "click"],
    ["  Search[wool socks]", "search"],
    ["go to shelf 1", "go"],
    ['get_order_details({"order_id": "#W1"})', "get_order_details"],
    ["look-up.by_name(1)", "look-up.by_name"],
    ["```python\nprint(1)", "python"],
    ["Öffne die Tür", "öffne"],
    ["打开 门", "打开"],
    ["<script>alert(1)</script>", "script"],
    ["\u202egnp.exe[", "gnp.exe"],
    ["", noKind],
    ["!!! ???", noKind],
  ])("of %j is %s", (action, kind) => expect(actionKind(action)).toBe(kind));

  it("is short however long the action, and whole characters", () => {
    expect(actionKind("x".repeat(1_000_000))).toBe("x".repeat(40));
    expect(actionKind(`${"[".repeat(1_000_000)}late`)).toBe(noKind);
    expect(actionKind("𝒳".repeat(100)).isWellFormed()).toBe(true);
  });
});

describe("what is vetoed most", () => {
  it("comes with n and interval, by rule, environment, kind and verdict", () => {
    const { overall, by } = vetoRates([
      ...times(3, { ...veto("lucky"), ruleVersion: "eef-2" }),
      ...times(1, veto("unsafe")),
      ...times(6, { decision: "promote", verdictSeen: "harmful", environment: "house" }),
    ]);
    const [low, high] = wilson({ attempts: 10, successes: 4 });
    expect(overall).toEqual({
      ...{ name: "all actions", vetoed: 4, decided: 10, low, high },
      ...{ thin: true, reason: "lucky" },
    });
    expect(by.rule.map(({ name, vetoed, decided: n }) => [name, vetoed, n])).toEqual([
      ["eef-2", 3, 3],
      ["eef-1", 1, 7],
    ]);
    expect(by.verdict.map(({ name, vetoed, decided: n }) => [name, vetoed, n])).toEqual([
      ["beneficial", 4, 4],
      ["harmful", 0, 6],
    ]);
    expect(by.environment.map(({ name }) => name)).toEqual(["shop", "house"]);
    expect(by.kind).toHaveLength(1);
  });

  it("is what is reliably high, not what is rarely seen", () => {
    const { by } = vetoRates([
      ...times(2, { ...veto(), action: "buy[now]" }),
      ...times(30, { ...veto(), action: "search[a]" }),
      ...times(10, { action: "search[b]" }),
    ]);
    expect(by.kind.map(({ name, thin }) => [name, thin])).toEqual([
      ["search", false],
      ["buy", true],
    ]);
  });

  it("says why: each reason with its share of the vetoes", () => {
    const { reasons } = vetoRates([...times(5, veto("lucky")), ...times(2, veto()), ...times(9, {})]);
    expect(reasons.map(({ name, vetoed, decided: n }) => [name, vetoed, n])).toEqual([
      ["lucky", 5, 7],
      ["no reason", 2, 7],
    ]);
  });

  it("of nothing is nothing, and thin", () => {
    const { overall, by, reasons } = vetoRates([]);
    expect(overall).toMatchObject({ vetoed: 0, decided: 0, low: 0, high: 1, thin: true, reason: null });
    expect([by.kind, reasons]).toEqual([[], []]);
  });
});

it("contradicts the miner who vetoes what it would train on, or trains on what it would not", () => {
  const all = decisions.flatMap((decision) => seenVerdicts.map((verdictSeen) => ({ decision, verdictSeen })));
  expect(all.filter(contradictsMiner).map((one) => `${one.decision} ${one.verdictSeen}`)).toEqual([
    "approve harmful",
    "approve redundant",
    "approve dead_end",
    "approve unsolved",
    "veto beneficial",
    "veto solved",
    "promote harmful",
    "promote redundant",
    "promote dead_end",
    "promote unsolved",
  ]);
  expect(contradictsMiner({ decision: "veto", verdictSeen: null })).toBe(false);
});

describe("a line of CSV", () => {
  it("quotes text, and leaves numbers and nothing as they are", () => {
    expect(csvLine(['a "b"', "c,d", "two\nlines", 3, true, null])).toBe(
      '"a ""b""","c,d","two\nlines",3,true,\r\n',
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '=HYPERLINK("http://x")'])(
    "is no formula: %j",
    (text) => expect(csvLine([text])).toBe(`"'${text.replaceAll('"', '""')}"\r\n`),
  );
});
