import type { Share } from '../../domain/review/review.ts';
import { moneyWords } from '../page/plain-words.ts';

/** Below this many cases a share says more about chance than about us. */
export const ENOUGH_CASES = 10;

export const shareOf = ({ hits, of }: Share): number | null => (of === 0 ? null : hits / of);

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** `75 %`, or `4 of 5` where that is too few for a share. */
export const shareWords = (share: Share): string => {
  const value = shareOf(share);
  if (value === null) return '–';
  return share.of < ENOUGH_CASES ? `${share.hits} of ${share.of}` : percent(value);
};

/** 90 → `1 h 30 min`, 30 → `30 min`, -10 → `−10 min`. */
export const minuteWords = (minutes: number | null): string => {
  if (minutes === null) return '–';
  const sign = minutes < 0 ? '−' : '';
  const whole = Math.round(Math.abs(minutes));
  if (whole < 60) return `${sign}${whole} min`;
  const hours = Math.floor(whole / 60);
  if (hours >= 48) return `${sign}${Math.round(hours / 24)} d`;
  return whole % 60 === 0 || hours >= 10
    ? `${sign}${Math.round(whole / 60)} h`
    : `${sign}${hours} h ${whole % 60} min`;
};

export const dayWords = (at: number): string =>
  new Date(at)
    .toISOString()
    .slice(0, at % 86_400_000 === 0 ? 10 : 16)
    .replace('T', ' ');

export const money = (minor: number, currency: string): string => moneyWords(minor, currency);

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A code as words: `held_out` → `held out`. */
export const words = (code: string): string => code.replaceAll('_', ' ');
