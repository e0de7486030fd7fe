import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Contract } from '../../domain/contract.ts';
import { afterQuietHours, breached, effectiveTerms, inForce, minutesLate } from '../../domain/sla.ts';
import { rules } from '../rules/shipped-rules.ts';

const at = (text: string): number => Date.parse(`2026-03-0${text}Z`);

const contract = (change: Partial<Contract>): Contract => ({
  id: 'c1',
  at: 0,
  heardAt: 0,
  source: { feed: 'tms', document: 'd', position: 0, decoder: 'json', mapping: null },
  customerId: 'acme',
  version: 3,
  tier: 'priority',
  terms: {},
  effectiveFrom: 0,
  effectiveTo: null,
  ...change,
});

test('a contract overrides its tier, term by term', () => {
  const tier = rules.sla.tiers.guaranteed;
  expect(effectiveTerms(rules.sla, contract({ tier: 'guaranteed', terms: { responseMin: 5 } }))).toEqual({
    ...tier,
    responseMin: 5,
    tier: 'guaranteed',
    contractVersion: 3,
  });
});

test('without a contract the terms are those of the standard tier', () => {
  expect(effectiveTerms(rules.sla, null)).toEqual({
    ...rules.sla.tiers.standard,
    tier: 'standard',
    contractVersion: null,
  });
});

test('a contract is in force from its first millisecond and not at its last', () => {
  const limited = contract({ effectiveFrom: 10, effectiveTo: 20 });
  expect([9, 10, 19, 20].map((t) => inForce(limited, t))).toEqual([false, true, true, false]);
});

test('the promise is kept until grace has passed, to the millisecond', () => {
  const promisedAt = at('2T17:00');
  const breachedAt = (deliveredAt: number | null): boolean =>
    breached({ promisedAt, deliveredAt }, { graceMin: 60 });
  expect(breachedAt(at('2T18:00'))).toBe(false);
  expect(breachedAt(at('2T18:00') + 1)).toBe(true);
  expect(breachedAt(null)).toBe(true);
  expect(minutesLate({ promisedAt, deliveredAt: at('2T16:30') })).toBe(-30);
});

test('a date-only promise is kept all day', () => {
  const promisedAt = at('2T23:59:59.999');
  expect(breached({ promisedAt, deliveredAt: at('2T23:59:59.999') }, { graceMin: 0 })).toBe(false);
  expect(breached({ promisedAt, deliveredAt: at('3T00:00') }, { graceMin: 0 })).toBe(true);
});

test.each([
  ['2T20:59', '2T20:59'],
  ['2T21:00', '3T07:00'],
  ['2T23:30', '3T07:00'],
  ['3T06:59', '3T07:00'],
  ['3T07:00', '3T07:00'],
])('quiet from 21:00 to 07:00: ready at %s, out at %s', (ready, out) => {
  expect(afterQuietHours({ from: '21:00', to: '07:00', utcOffsetMin: 0 }, at(ready))).toBe(at(out));
});

test('quiet hours are those of the customer, and no message waits longer than they last', () => {
  expect(afterQuietHours({ from: '21:00', to: '07:00', utcOffsetMin: -300 }, at('2T03:00'))).toBe(
    at('2T12:00'),
  );
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      time,
      time,
      fc.integer({ min: -720, max: 840 }),
      fc.nat(10 ** 12),
      (from, to, utcOffsetMin, t) => {
        const out = afterQuietHours({ from, to, utcOffsetMin }, t);
        expect(out).toBeGreaterThanOrEqual(t);
        expect(out - t).toBeLessThanOrEqual(86_400_000);
        expect(afterQuietHours({ from, to, utcOffsetMin }, out)).toBe(out);
      },
    ),
  );
});
