import { duration, durationMs as ms } from '../domain/duration.ts';
import { ForewarnError } from './forewarn-error.ts';

/** A length of time as people write it: `250ms`, `30s`, `15m`, `12h`, `30d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** '15m' → 900,000. Throws FW203 for anything else than a whole number with its unit. */
export const durationMs = (text: string): number => {
  if (!duration.safeParse(text).success) {
    throw new ForewarnError(
      'FW203',
      `duration "${text}" is not a whole number with ms, s, m, h or d, such as 15m`,
    );
  }
  return ms(text);
};
