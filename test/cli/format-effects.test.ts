import { expect, it } from 'vitest';
import { formatEffects } from '../../cli/format-effects.ts';
import type { EffectEstimate } from '../../domain/effect.ts';

const known: EffectEstimate = {
  category: 'weather',
  actionType: 'expedite',
  playbook: null,
  step: null,
  outcome: 'breach_rate',
  estimand: '…',
  effect: -0.2164,
  low: -0.31,
  high: -0.1228,
  method: 'doubly_robust',
  evidence: 'randomised',
  treated: 180,
  withheld: 61,
  clusters: 97,
  says: 'expedite lowers the breach rate',
};

it('shows effect, interval, counts and sentence, and says what is not known', () => {
  const text = formatEffects([
    known,
    {
      ...known,
      outcome: 'minutes_late',
      effect: -93.6,
      low: -120.2,
      high: -66.9,
      playbook: 'storm',
      step: 'fast',
    },
    {
      ...known,
      effect: null,
      low: null,
      high: null,
      method: 'none',
      evidence: 'observational',
      says: 'not enough cases',
    },
  ]);
  expect(text.split('\n')).toEqual([
    'category  action                 outcome       decided by  effect [low; high]    done  withheld  causes  in words',
    'weather   expedite               breach_rate   chance      -21.6 [-31.0; -12.3]  180   61        97      expedite lowers the breach rate',
    'weather   expedite (storm/fast)  minutes_late  chance      -94 [-120; -67]       180   61        97      expedite lowers the breach rate',
    'weather   expedite               breach_rate   people      not known             180   61        97      not enough cases',
    '',
    expect.stringMatching(/^Effect: with the step less without it; .* cannot be observed\.$/),
  ]);
});

it('has words for nothing', () => {
  expect(formatEffects([])).toBe('No decision about a step whose shipment has ended yet.');
});
