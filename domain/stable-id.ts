import { hash } from 'node:crypto';

/**
 * The same parts give the same id in every run and every process: the first 128 bits of SHA-256 over the
 * parts, each with its length before it so that ('ab', 'c') and ('a', 'bc') differ. 32 hex digits.
 */
export const stableId = (...parts: readonly (string | number | null)[]): string => {
  let all = '';
  for (const part of parts) {
    const text = part === null ? '' : String(part);
    all += `${part === null ? '-' : text.length}:${text};`;
  }
  return hash('sha256', all).slice(0, 32);
};
