import type { WallTime } from './local-time.ts';

/** Letters of a date pattern, and the digits each stands for. What is between two ' is itself: `yyyy-MM-dd'T'HH:mm`. */
const parts: Readonly<Record<string, { readonly name: string; readonly digits: string }>> = {
  yyyy: { name: 'year', digits: '\\d{4}' },
  yy: { name: 'year2', digits: '\\d{2}' },
  MM: { name: 'month', digits: '\\d{1,2}' },
  dd: { name: 'day', digits: '\\d{1,2}' },
  HH: { name: 'hour', digits: '\\d{1,2}' },
  hh: { name: 'hour12', digits: '\\d{1,2}' },
  mm: { name: 'minute', digits: '\\d{2}' },
  ss: { name: 'second', digits: '\\d{2}' },
  SSS: { name: 'milli', digits: '\\d{3}' },
  a: { name: 'half', digits: '[AaPp][Mm]' },
};

const made = new Map<string, RegExp>();

const literal = (text: string): string =>
  Array.from(text, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`).join('');

const regexOf = (pattern: string): RegExp => {
  const known = made.get(pattern);
  if (known !== undefined) return known;
  const source = pattern.replaceAll(
    /'[^']+'|yyyy|yy|MM|dd|HH|hh|mm|SSS|ss|a|[^A-Za-z]|[A-Za-z]/g,
    (token) => {
      const part = parts[token];
      return part === undefined
        ? literal(token.length > 2 ? token.slice(1, -1) : token)
        : `(?<${part.name}>${part.digits})`;
    },
  );
  const regex = new RegExp(`^${source}$`, 'u');
  made.set(pattern, regex);
  return regex;
};

/** Whether a pattern can be used: each part once, and at least year, month and day. */
export const isPattern = (pattern: string): boolean => {
  try {
    const { source } = regexOf(pattern);
    return /<year2?>/.test(source) && source.includes('<month>') && source.includes('<day>');
  } catch {
    // A part that is there twice.
    return false;
  }
};

/** `dd.MM.yyyy HH:mm` and `03.11.2025 14:30` → that wall time; null for a text that does not fit, or a day that is not. */
export const wallTimeOf = (pattern: string, text: string): WallTime | null => {
  const found = regexOf(pattern).exec(text)?.groups;
  if (found === undefined) return null;
  const number = (name: string): number => Number(found[name] ?? 0);
  const year = found['year'] === undefined ? 2_000 + number('year2') : number('year');
  const isPm = found['half']?.toLowerCase() === 'pm';
  const hour = found['hour12'] === undefined ? number('hour') : (number('hour12') % 12) + (isPm ? 12 : 0);
  const [month, day, minute, second] = [number('month'), number('day'), number('minute'), number('second')];
  const at = Date.UTC(year, month - 1, day, hour, minute, second, number('milli'));
  const back = new Date(at);
  const isReal =
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    minute < 60 &&
    second < 60;
  return isReal ? at : null;
};
