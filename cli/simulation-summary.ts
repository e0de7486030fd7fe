import { sumByCurrency } from '../domain/money.ts';
import type { SimulatedRun } from './simulated-run.ts';

/** What a run of history comes to, in figures that can be held against another's. */
export interface SimulationSummary {
  readonly rules: string;
  readonly model: string;
  readonly exceptions: number;
  readonly actions: number;
  readonly approvalsAsked: number;
  readonly heldOut: number;
  /** Messages that would have left; one digest is one. */
  readonly messages: number;
  readonly suppressed: number;
  readonly shipmentsEnded: number;
  readonly breaches: number;
  /** Breaches of which something was predicted before, and of which the customer was told in time. */
  readonly caught: number;
  readonly missed: number;
  readonly toldInTime: number;
  /** Shipments that were predicted to be late and came in time. With what was done then, not with what would be done. */
  readonly falseAlarms: number;
  /** Of actions that left, by currency, in minor units. */
  readonly cost: Readonly<Record<string, number>>;
}

export const summaryOf = (run: SimulatedRun): SimulationSummary => {
  const breached = run.outcomes.filter((outcome) => outcome.breached);
  const caught = breached.filter(({ predicted }) => predicted).length;
  const cost = sumByCurrency(
    run.outcomes
      .flatMap(({ actionsTaken }) => actionsTaken)
      .filter(({ result, costMinor }) => costMinor > 0 && ['sent', 'confirmed', 'uncertain'].includes(result))
      .map(({ costMinor, costCurrency }) => ({ minor: costMinor, currency: costCurrency })),
  );
  return {
    rules: run.rules,
    model: run.model,
    exceptions: run.exceptions.length,
    actions: run.actions.length,
    approvalsAsked: run.actions.filter(({ authority }) => authority === 'approve').length,
    heldOut: run.actions.filter(({ state }) => state === 'held_out').length,
    messages: run.messages.filter(({ state }) => state === 'due').length,
    suppressed: run.messages.filter(({ state }) => state === 'suppressed').length,
    shipmentsEnded: run.outcomes.length,
    breaches: breached.length,
    caught,
    missed: breached.length - caught,
    toldInTime: breached.filter(({ toldBeforeBreach }) => toldBeforeBreach).length,
    falseAlarms: run.outcomes.filter((outcome) => outcome.predicted && !outcome.breached).length,
    cost,
  };
};

type Figure = Exclude<keyof SimulationSummary, 'rules' | 'model' | 'cost'>;

const words: Readonly<Record<Figure, string>> = {
  exceptions: 'exceptions',
  actions: 'actions decided',
  approvalsAsked: 'approvals asked for',
  heldOut: 'withheld by chance',
  messages: 'messages that leave',
  suppressed: 'messages suppressed',
  shipmentsEnded: 'shipments ended',
  breaches: 'promises broken, then',
  caught: '… predicted before',
  missed: '… missed',
  toldInTime: '… customer told in time',
  falseAlarms: 'predicted late, came in time',
};

/** Both runs side by side, figure by figure, with the difference. */
export const summaryRows = (before: SimulationSummary, now: SimulationSummary): readonly string[][] => [
  ...(Object.keys(words) as Figure[]).map((figure) =>
    row(words[figure], before[figure], now[figure], String),
  ),
  ...[...new Set([...Object.keys(before.cost), ...Object.keys(now.cost)])]
    .sort()
    .map((currency) => row(`cost, ${currency}`, before.cost[currency] ?? 0, now.cost[currency] ?? 0, money)),
];

const row = (name: string, before: number, now: number, shown: (value: number) => string): string[] => [
  name,
  shown(before),
  shown(now),
  before === now ? '' : `${now > before ? '+' : '−'}${shown(Math.abs(now - before))}`,
];

const money = (minor: number): string => (minor / 100).toFixed(2);
