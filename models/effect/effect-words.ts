import type { EffectOutcome } from '../../domain/effect.ts';
import type { Arm } from './compare-arms.ts';

type Evidence = 'randomised' | 'observational';

export const outcomeWords: { readonly [outcome in EffectOutcome]: string } = {
  breach_rate: 'breach rate',
  minutes_late: 'minutes late',
  contact_rate: 'contact rate',
};

/** `notify_customer` → `notify customer`. */
const plain = (word: string): string => word.replaceAll('_', ' ');

export interface Asked {
  readonly category: string;
  readonly actionType: string;
  readonly outcome: EffectOutcome;
}

/** What exactly is estimated, so that nobody takes it for something else. */
export const estimandOf = (
  { category, actionType, outcome }: Asked,
  eligible = 'with 0 < propensity < 1 under the logged policy',
): string =>
  `average effect of ${plain(actionType)} on ${outcomeWords[outcome]} among eligible cases of ${plain(category)} ` +
  `${eligible}, in the long run of causes like these`;

const causes = (count: number): string => `${count} independent ${count === 1 ? 'cause' : 'causes'}`;

const withheldBy: { readonly [evidence in Evidence]: string } = {
  randomised: 'that chance withheld',
  observational: 'that people left undone',
};

/** 0.124 of a rate → `12.4 points`; 93.6 minutes → `94 minutes`. */
export const amount = (outcome: EffectOutcome, value: number): string =>
  outcome === 'minutes_late' ? `${Math.round(value)} minutes` : `${(100 * value).toFixed(1)} points`;

const signed = (outcome: EffectOutcome, value: number): string =>
  `${value > 0 ? '+' : ''}${amount(outcome, value)}`;

export interface Found extends Asked {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  readonly evidence: Evidence;
  readonly treated: number;
  readonly withheld: number;
  readonly clusters: number;
}

/** What was found, whether chance alone could have made it, and how far it can be trusted. */
export const findingWords = (found: Found): string => {
  const { outcome, effect, low, high, evidence } = found;
  const action = plain(found.actionType);
  const change =
    low <= 0 && high >= 0
      ? `no effect of ${action} on the ${outcomeWords[outcome]} can be told from chance: ${signed(outcome, effect)}`
      : `${action} ${effect < 0 ? 'lowers' : 'raises'} the ${outcomeWords[outcome]} by ${amount(outcome, Math.abs(effect))}`;
  const range = `95 % interval ${signed(outcome, low)} to ${signed(outcome, high)}`;
  const compared = `${found.treated} done against ${found.withheld} ${withheldBy[evidence]}, ${causes(found.clusters)}`;
  const trust =
    evidence === 'randomised'
      ? 'an estimate: what would have been cannot be observed'
      : 'an estimate, and weaker than one by chance: people may have had reasons that nothing records';
  return `${change} (${range}; ${compared}); ${trust}`;
};

export const leftOutWords = (reasons: readonly (readonly [count: number, why: string])[]): string => {
  const said = reasons.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
  return said.length === 0 ? '' : `; left out: ${said.join(', ')}`;
};

/** Why nobody can tell: an arm has too few causes, or a few outweigh the others. Undefined where there are enough. */
export const tooFewWords = (treated: Arm, withheld: Arm, needed: number): string | undefined => {
  for (const [arm, what] of [
    [withheld, 'withheld'],
    [treated, 'done'],
  ] as const) {
    if (arm.clusters < needed)
      return `not enough cases: ${what} in ${causes(arm.clusters)}, ${needed} are needed`;
    if (arm.effectiveClusters < needed)
      return `not enough cases: ${what} in ${causes(arm.clusters)}, of which a few weigh so much that they count as ${arm.effectiveClusters.toFixed(1)}; ${needed} are needed`;
  }
  return undefined;
};
