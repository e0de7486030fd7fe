import { z } from 'zod';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/** A whole number and its unit, as rules files write it: `250ms`, `30s`, `15m`, `4h`, `2d`. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,8}(ms|s|m|h|d)$/)
  .meta({ description: 'A whole number and its unit: 250ms, 30s, 15m, 4h, 2d.' });

/** `durationMs('4h')` → 14 400 000. The text must have passed `duration`. */
export const durationMs = (text: string): number => {
  const unit = text.slice(text.endsWith('ms') ? -2 : -1) as Unit;
  return Number.parseInt(text, 10) * unitsMs[unit];
};
