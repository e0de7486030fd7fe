import type { EffectEstimate } from '../domain/effect.ts';
import { columns } from './columns.ts';

/** Estimates as a table with a sentence each, for a terminal. */
export const formatEffects = (estimates: readonly EffectEstimate[]): string => {
  if (estimates.length === 0) return 'No decision about a step whose shipment has ended yet.';
  return [
    columns(
      [
        'category',
        'action',
        'outcome',
        'decided by',
        'effect [low; high]',
        'done',
        'withheld',
        'causes',
        'in words',
      ],
      estimates.map((one) => [
        one.category,
        one.step === null ? one.actionType : `${one.actionType} (${one.playbook ?? ''}/${one.step})`,
        one.outcome,
        decidedBy[one.evidence],
        rangeOf(one),
        String(one.treated),
        String(one.withheld),
        String(one.clusters),
        one.says,
      ]),
    ),
    '',
    'Effect: with the step less without it; rates in points of a hundred. All are estimates: what would have been cannot be observed.',
  ].join('\n');
};

const decidedBy: { readonly [evidence in EffectEstimate['evidence']]: string } = {
  randomised: 'chance',
  observational: 'people',
  none: 'nobody',
};

const rangeOf = ({ outcome, effect, low, high }: EffectEstimate): string => {
  if (effect === null || low === null || high === null) return 'not known';
  const number = (value: number): string =>
    outcome === 'minutes_late' ? value.toFixed(0) : (100 * value).toFixed(1);
  return `${number(effect)} [${number(low)}; ${number(high)}]`;
};
