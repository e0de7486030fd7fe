import { expect, it } from 'vitest';
import { isPattern, wallTimeOf } from '../../domain/local-pattern.ts';

it.each([
  ['dd.MM.yyyy HH:mm', '03.11.2025 14:30', '2025-11-03T14:30:00.000Z'],
  ['M', '', null],
  ['MM/dd/yy hh:mm a', '6/1/25 12:05 AM', '2025-06-01T00:05:00.000Z'],
  ['MM/dd/yy hh:mm a', '6/1/25 12:05 pm', '2025-06-01T12:05:00.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2025-06-01T01:02:03.004', '2025-06-01T01:02:03.004Z'],
  ['yyyyMMdd', '20240229', '2024-02-29T00:00:00.000Z'],
  ['yyyyMMdd', '20250229', null],
  ['dd.MM.yyyy', '31.13.2025', null],
  ['dd.MM.yyyy HH:mm', '01.01.2025 24:00', null],
  ['dd.MM.yyyy', '1.1.2025 ', null],
])('%s reads %s as %s', (pattern, text, iso) => {
  const at = wallTimeOf(pattern, text);
  expect(at === null ? null : new Date(at).toISOString()).toBe(iso);
});

it.each([
  ['dd.MM.yyyy', true],
  ['yyMMdd', true],
  ['HH:mm', false],
  ['dd.MM.yyyy dd', false],
  ['(yyyy|MM|dd', true],
])('%s is a pattern: %s', (pattern, is) => {
  expect(isPattern(pattern)).toBe(is);
});
