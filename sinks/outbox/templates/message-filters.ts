import type { FilterImplOptions, Liquid } from 'liquidjs';

type FilterImpl = ThisParameterType<Extract<FilterImplOptions, (...parameters: never[]) => unknown>>;

/** How long, in the two largest units that count: 45 → 45 minutes, 390 → 6 hours 30 minutes, 3,000 → 2 days 2 hours. */
export const durationText = (minutes: number, language: string): string => {
  const left = Math.round(Math.abs(minutes));
  const [days, hours, rest] = [Math.floor(left / 1_440), Math.floor((left % 1_440) / 60), left % 60];
  const units =
    days > 0
      ? ([
          [days, 'day'],
          [hours, 'hour'],
        ] as const)
      : ([
          [hours, 'hour'],
          [rest, 'minute'],
        ] as const);
  const said = units.filter(([count]) => count > 0);
  return (said.length === 0 ? [[0, 'minute'] as const] : said)
    .map(([count, unit]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    )
    .join(' ');
};

/** Minor units as money of a currency: 1,250,000 and USD → $12,500.00, 1,250 and JPY → ¥1,250. */
export const moneyText = (minor: number, currency: string, language: string): string => {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

const instantOf = (value: unknown): Date | null => {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? new Date(at) : null;
};

const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
const time = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;

const dateText = (value: unknown, { locale, zone }: Reading, parts: Intl.DateTimeFormatOptions): string => {
  const at = instantOf(value);
  return at === null ? '' : new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone }).format(at);
};

/** Whose time and whose language it is: set for each rendering. */
export interface Reading {
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  /** IANA zone of every time. */
  readonly zone: string;
}

const readingOf = (filter: FilterImpl): Reading => {
  const globals = filter.context.globals as Partial<Reading>;
  return { locale: globals.locale ?? 'en', zone: globals.zone ?? 'UTC' };
};

/**
 * What templates do with facts, in the reader's language and zone. A fact that is not known becomes nothing.
 * `{{ promisedAt | when }}` · `{{ promisedAt | day }}` · `{{ lateMin | duration }}` · `{{ valueMinor | money: currency }}` ·
 * `{{ probability | percent }}` · `{{ cause | words }}`
 */
export const addFilters = (liquid: Liquid, words: ReadonlyMap<string, string>): void => {
  liquid.registerFilter('when', function (value: unknown) {
    return dateText(value, readingOf(this), { ...day, ...time });
  });
  liquid.registerFilter('day', function (value: unknown) {
    return dateText(value, readingOf(this), day);
  });
  liquid.registerFilter('duration', function (value: unknown) {
    return typeof value === 'number' ? durationText(value, readingOf(this).locale) : '';
  });
  liquid.registerFilter('money', function (value: unknown, currency: unknown) {
    if (typeof value !== 'number') return '';
    return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
      ? moneyText(value, currency, readingOf(this).locale)
      : String(value);
  });
  liquid.registerFilter('percent', function (value: unknown) {
    const format = new Intl.NumberFormat(readingOf(this).locale, {
      style: 'percent',
      maximumFractionDigits: 0,
    });
    return typeof value === 'number' ? format.format(value) : '';
  });
  liquid.registerFilter('words', (value: unknown) =>
    typeof value === 'string' ? (words.get(value) ?? value.replaceAll('_', ' ')) : '',
  );
  // What a fact says never gets into HTML as it is.
  liquid.unregisterFilter('raw');
};
