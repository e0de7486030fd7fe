import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentsClasses, tiers } from '../../domain/codes.ts';
import { type SeverityInput, severityOf } from '../../domain/severity.ts';

const inputs: fc.Arbitrary<SeverityInput> = fc.record({
  defaultSeverity: fc.integer({ min: 0, max: 100 }),
  latenessMin: fc.option(fc.integer({ min: -100_000, max: 100_000 })),
  tier: fc.constantFrom(...tiers),
  valueMinor: fc.option(fc.integer({ min: 0, max: 1_000_000_000 })),
  contentsClass: fc.option(fc.constantFrom(...contentsClasses)),
  kind: fc.constantFrom('predicted' as const, 'detected' as const),
  probability: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});
const severity = (input: SeverityInput): number => severityOf(input).severity;

test('the example of its documentation', () => {
  const { severity, terms } = severityOf({
    defaultSeverity: 50,
    latenessMin: 720,
    tier: 'guaranteed',
    valueMinor: 1_000_000,
    contentsClass: 'general',
    kind: 'predicted',
    probability: 0.75,
  });
  expect(terms).toEqual({ category: 50, lateness: 10, tier: 12, value: 2.67, contents: 0, certainty: 0.9 });
  expect(severity).toBe(67.2);
});

test('is within 0 and 100, and is what its terms add up to', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { severity, terms } = severityOf(input);
      const sum = terms.category + terms.lateness + terms.tier + terms.value + terms.contents;
      expect(severity).toBeGreaterThanOrEqual(0);
      expect(severity).toBeLessThanOrEqual(100);
      expect(severity).toBeCloseTo(Math.min(100, sum * terms.certainty), 0);
    }),
  );
});

test('never falls when lateness, value, tier or probability rises', () => {
  fc.assert(
    fc.property(
      inputs,
      fc.nat(50_000),
      fc.nat(100_000_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (input, minutes, cents, certainty) => {
        const base = severity(input);
        expect(
          severity({ ...input, latenessMin: (input.latenessMin ?? 0) + minutes }),
        ).toBeGreaterThanOrEqual(severity({ ...input, latenessMin: input.latenessMin ?? 0 }));
        expect(severity({ ...input, valueMinor: (input.valueMinor ?? 0) + cents })).toBeGreaterThanOrEqual(
          base,
        );
        const [standard, priority, guaranteed] = tiers.map((tier) => severity({ ...input, tier }));
        expect(priority).toBeGreaterThanOrEqual(standard ?? NaN);
        expect(guaranteed).toBeGreaterThanOrEqual(priority ?? NaN);
        const likelier = Math.max(certainty, input.probability ?? 0);
        expect(severity({ ...input, kind: 'predicted', probability: likelier })).toBeGreaterThanOrEqual(
          severity({ ...input, kind: 'predicted', probability: input.probability ?? 0 }),
        );
      },
    ),
  );
});

test('never falls when the default of the category rises, or what rides on it is known to be worth something', () => {
  fc.assert(
    fc.property(inputs, fc.nat(100), fc.nat(1_000_000_000), (input, points, cents) => {
      const graver = Math.min(100, input.defaultSeverity + points);
      expect(severity({ ...input, defaultSeverity: graver })).toBeGreaterThanOrEqual(severity(input));
      expect(severity({ ...input, valueMinor: cents })).toBeGreaterThanOrEqual(
        severity({ ...input, valueMinor: null }),
      );
      const [plain, ...dear] = contentsClasses.map((contentsClass) => severity({ ...input, contentsClass }));
      for (const one of dear) expect(one).toBeGreaterThanOrEqual(plain ?? NaN);
    }),
  );
});

test('what is unknown counts as in time, and early is no better than in time', () => {
  fc.assert(
    fc.property(inputs, fc.nat(100_000), (input, early) => {
      const inTime = severity({ ...input, latenessMin: 0 });
      expect(severity({ ...input, latenessMin: null })).toBe(inTime);
      expect(severity({ ...input, latenessMin: -early })).toBe(inTime);
    }),
  );
});

test('a prediction never weighs more than the fact', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      expect(severity({ ...input, kind: 'predicted' })).toBeLessThanOrEqual(
        severity({ ...input, kind: 'detected' }),
      );
    }),
  );
});
