import type { ExceptionView } from './contract.ts';
import { moneyWords } from './plain-words.ts';
import { momentWords, relativeWords, spanWords } from './time-words.ts';

export const countWords = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** What has happened to the goods; nobody says to which of the lines. */
const harms: Readonly<Record<string, string>> = { lost: 'lost', damaged: 'damaged', short: 'short' };

/**
 * What a customer will feel: `2 of 5 order lines late · 1 customer · $1,200.00 · first due Tue 14 Jan 12:00, in 2 h`, or
 * `up to 5 order lines damaged · …`.
 */
export const impactWords = (
  { impact, effect, kind, expectedAt }: Pick<ExceptionView, 'impact' | 'effect' | 'kind' | 'expectedAt'>,
  now: number,
): string => {
  if (impact.lines === 0) return '';
  const lines = countWords(impact.lines, 'order line', 'order lines');
  const harm = kind === 'detected' ? harms[effect] : undefined;
  if (impact.linesLate === 0)
    return `${lines} on board, ${expectedAt === null ? 'arrival not known' : 'none late yet'}`;
  const parts = [
    harm === undefined ? `${impact.linesLate} of ${lines} late` : `up to ${lines} ${harm}`,
    countWords(impact.customers.length, 'customer', 'customers'),
  ];
  if (impact.valueLateMinor > 0) parts.push(moneyWords(impact.valueLateMinor, impact.currency));
  if (impact.firstDueAt !== null) {
    parts.push(`first due ${momentWords(impact.firstDueAt)}, ${relativeWords(impact.firstDueAt, now)}`);
  }
  return parts.join(' · ');
};

const anew: Readonly<Record<string, (exception: ExceptionView) => string>> = {
  contract: ({ contractVersion }) =>
    contractVersion === null ? 'the contract' : `contract v${contractVersion}`,
  rules: () => 'the rules changed',
  orders: () => 'its orders changed',
  plan: () => 'its plan changed',
};

/** Why it was judged anew, where nothing happened to the shipment itself: `Judged anew because contract v3`. */
export const anewWords = (exception: ExceptionView): string => {
  const because = exception.version > 1 ? anew[exception.changedBy] : undefined;
  return because === undefined ? '' : `Judged anew because ${because(exception)}`;
};

/** `PO-7 line 2: due Tue 14 Jan 12:00, 3 h late`. */
export const lineWords = (line: ExceptionView['affectedLines'][number]): string => {
  const late =
    line.lateMin === null
      ? 'arrival not known'
      : line.lateMin === 0
        ? 'in time'
        : `${spanWords(line.lateMin * 60_000)} late`;
  return `${line.orderId} line ${line.lineId}: due ${momentWords(line.dueAt)}, ${late}`;
};
