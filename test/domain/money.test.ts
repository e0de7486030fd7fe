import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atCommonWorth, convertedTo, type Money, sumByCurrency } from '../../domain/money.ts';
import { type PlaybookFacts, planSteps } from '../../domain/plan-steps.ts';
import { playbook } from '../../domain/playbook.ts';

const currencies = ['EUR', 'JPY', 'USD'] as const;
const amounts: fc.Arbitrary<readonly Money[]> = fc.array(
  fc.record({
    minor: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    currency: fc.constantFrom(...currencies),
  }),
);

it('never mixes: what is added in one currency does not move the sum of another', () => {
  fc.assert(
    fc.property(amounts, (all) => {
      const sums = sumByCurrency(all);
      for (const currency of currencies) {
        const own = all.filter((one) => one.currency === currency);
        expect(sums[currency]).toBe(
          own.length === 0 ? undefined : own.reduce((sum, { minor }) => sum + minor, 0),
        );
      }
      expect(Object.keys(sums)).toEqual([...new Set(all.map(({ currency }) => currency))].toSorted());
    }),
  );
});

it('compares over currencies by rates and their minor units, and knows nothing without a rate', () => {
  const rates = { USD: 1, JPY: 0.0067, EUR: 1.1 };
  const yen = { minor: 100_000, currency: 'JPY' };
  expect(convertedTo(yen, 'USD', rates)).toBe(67_000);
  expect(convertedTo({ minor: 67_000, currency: 'USD' }, 'JPY', rates)).toBe(100_000);
  expect(convertedTo(yen, 'JPY', undefined)).toBe(100_000);
  expect(convertedTo(yen, 'USD', undefined)).toBeNull();
  expect(convertedTo(yen, 'CHF', rates)).toBeNull();
  expect(atCommonWorth(yen, rates)).toBe(67_000);
  expect(atCommonWorth(yen, undefined)).toBe(100_000);
});

const guarded = playbook.parse({
  name: 'dear',
  version: 1,
  match: {},
  currency: 'EUR',
  steps: [
    {
      id: 'dear',
      action: 'escalate',
      destination: 'desk',
      template: 'dear',
      authority: 'auto',
      guard: { minValueMinor: 100_000 },
    },
  ],
  examples: [
    { given: { category: 'delay', valueMinor: 200_000 }, expect: ['dear'] },
    { given: { category: 'delay', valueMinor: 1 }, expect: [] },
  ],
});

it.each([
  ['the currency of the playbook', 100_000, 'EUR', undefined, true],
  ['yen without a rate', 9_000_000, 'JPY', undefined, false],
  ['yen worth enough', 200_000, 'JPY', { EUR: 1.1, JPY: 0.0067 }, true],
  ['yen worth too little', 100_000, 'JPY', { EUR: 1.1, JPY: 0.0067 }, false],
] as const)('holds a guard to a value in %s', (_, valueMinor, valueCurrency, rates, isTaken) => {
  const facts: PlaybookFacts = {
    exceptionId: 'e',
    category: 'delay',
    severity: 50,
    tier: 'standard',
    mode: null,
    kind: 'detected',
    now: 0,
    probability: null,
    promisedAt: null,
    valueMinor,
    valueCurrency,
    rates,
    contentsClass: null,
    isSafety: false,
    told: [],
    history: new Map(),
  };
  expect(planSteps(guarded, facts).map(({ step }) => step)).toEqual(isTaken ? ['dear'] : []);
});
