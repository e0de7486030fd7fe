import { type Duration, durationMs } from './duration.ts';
import { ForewarnError } from './forewarn-error.ts';

/** How rows of a key are put into groups. Boundaries are `[start; end)`, aligned to the epoch. Times in ms. */
export type WindowSpec = TimeWindows | SessionWindows | CountWindows;

export interface TimeWindows {
  readonly kind: 'time';
  readonly sizeMs: number;
  /** Distance of two starts; equal to the size for windows that do not overlap. */
  readonly slideMs: number;
  readonly offsetMs: number;
  /** Greatest common part of size and slide: rows are kept by panes of this length, so each is added once. */
  readonly paneMs: number;
}

export interface SessionWindows {
  readonly kind: 'session';
  readonly gapMs: number;
}

export interface CountWindows {
  readonly kind: 'count';
  readonly rows: number;
  /** A group that gets no row for so long (event time) is given up. */
  readonly ttlMs: number;
}

const MOST_PANES = 1_000;
const refuse = (message: string): never => {
  throw new ForewarnError('FW213', message);
};

/** Windows of one size, one after the other. size 10: events at 1, 9, 10, 25 → [0; 10): 1, 9 · [10; 20): 10 · [20; 30): 25. */
export const tumbling = (size: Duration, options: { readonly offset?: Duration } = {}): TimeWindows =>
  hopping(size, size, options);

/**
 * Windows that overlap: a new one starts every `slide`. size 10, slide 5: event at 12 → [5; 15), [10; 20). Rows are
 * kept once, in panes of `slide`, however many windows they belong to.
 */
export const hopping = (
  size: Duration,
  slide: Duration,
  options: { readonly offset?: Duration } = {},
): TimeWindows => {
  const sizeMs = durationMs(size);
  const slideMs = durationMs(slide);
  const offsetMs = options.offset === undefined ? 0 : durationMs(options.offset);
  if (sizeMs <= 0 || slideMs <= 0) refuse(`window of ${size} every ${slide}: both must be more than nothing`);
  if (slideMs > sizeMs)
    refuse(
      `window: slide ${slide} is longer than size ${size}, rows between would be in none; choose a shorter slide`,
    );
  if (sizeMs % slideMs !== 0)
    refuse(`window: slide ${slide} does not divide size ${size}; choose one that does`);
  if (sizeMs / slideMs > MOST_PANES)
    refuse(
      `window: ${sizeMs / slideMs} slides of ${slide} in ${size}; choose a slide of at least ${Math.ceil(sizeMs / MOST_PANES)}ms`,
    );
  return { kind: 'time', sizeMs, slideMs, offsetMs: offsetMs % slideMs, paneMs: slideMs };
};

/** Groups that end when nothing came for `gap`. gap 5: events at 1, 4, 12 → [1; 9): 1, 4 · [12; 17): 12. */
export const session = (gap: Duration): SessionWindows => {
  const gapMs = durationMs(gap);
  if (gapMs <= 0) refuse(`session: gap ${gap} must be more than nothing`);
  return { kind: 'session', gapMs };
};

/** Groups of so many rows in the order in which they were heard. rows 2: a, b, c → a, b; c waits for one more, at most `ttl`. */
export const everyRows = (rows: number, options: { readonly ttl: Duration }): CountWindows => {
  if (!Number.isSafeInteger(rows) || rows < 1)
    refuse(`count window of ${rows} rows: give a whole number above 0`);
  return { kind: 'count', rows, ttlMs: durationMs(options.ttl) };
};

/** For people: `10s every 2s`. */
export const describeWindow = (spec: WindowSpec): string => {
  switch (spec.kind) {
    case 'time':
      return spec.slideMs === spec.sizeMs
        ? `tumbling ${spec.sizeMs}ms`
        : `hopping ${spec.sizeMs}ms every ${spec.slideMs}ms`;
    case 'session':
      return `session, gap ${spec.gapMs}ms`;
    case 'count':
      return `every ${spec.rows} rows`;
  }
};
