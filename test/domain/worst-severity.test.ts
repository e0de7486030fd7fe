import { expect, test } from 'vitest';
import { worstSeverity } from '../../domain/worst-severity.ts';
import type { ShipmentException } from '../../domain/exception.ts';

const exceptions = (...all: readonly (readonly [ShipmentException['state'], number])[]) => ({
  exceptions: Object.fromEntries(
    all.map(([state, severity], nth) => [String(nth), { state, severity } as ShipmentException]),
  ),
});

test('the worst of what is open counts, and nothing that is over', () => {
  expect(worstSeverity(exceptions(['open', 30], ['mitigated', 81.1], ['closed', 95]))).toBe(81.1);
  expect(worstSeverity(exceptions(['withdrawn', 95], ['closed', 95]))).toBe(-1);
  expect(worstSeverity(exceptions())).toBe(-1);
});
