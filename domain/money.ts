/** Money is integer minor units, such as cents, of a currency; yen have none. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** Sums of minor units, each of one currency. */
export type ByCurrency = Readonly<Record<string, number>>;

/**
 * The one way to add money up: what is of different currencies stays apart, for a sum of both is no amount of anything.
 * $1.00, €2.00 and $3.00 → { USD: 400, EUR: 200 }.
 */
export const sumByCurrency = (amounts: Iterable<Money>): ByCurrency => {
  const sums = new Map<string, number>();
  for (const { minor, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** What one whole unit of each currency is worth in a common one, by `rules/sla.yaml`. */
export type Rates = Readonly<Record<string, number>>;

const digits = new Map<string, number>();

/** Minor units in one unit: 100 for USD, 1 for JPY, 1,000 for KWD. By ISO 4217, as Node's ICU has it; else 100. */
const minorInOne = (currency: string): number => {
  let known = digits.get(currency);
  if (known === undefined) {
    known = /^[A-Za-z]{3}$/.test(currency)
      ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
          .maximumFractionDigits ?? 2)
      : 2;
    digits.set(currency, known);
  }
  return 10 ** known;
};

/**
 * Money in another currency, for comparisons alone: it is never summed and never shown. Null where a rate is not given.
 * Rates USD 1, JPY 0.0067: ¥100,000 → 67,000 cents.
 */
export const convertedTo = (
  { minor, currency }: Money,
  wanted: string,
  rates: Rates | undefined,
): number | null => {
  if (currency === wanted) return minor;
  const [from, to] = [rates?.[currency], rates?.[wanted]];
  if (from === undefined || to === undefined) return null;
  return Math.round((minor / minorInOne(currency)) * (from / to) * minorInOne(wanted));
};

/** In hundredths of the common currency, where a rate is given; else as if it were that currency. */
export const atCommonWorth = ({ minor, currency }: Money, rates: Rates | undefined): number => {
  const rate = rates?.[currency];
  return rate === undefined ? minor : Math.round((minor / minorInOne(currency)) * rate * 100);
};
