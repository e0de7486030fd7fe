import { adwin, adwinDefaults, type AdwinState, adwinStart } from './adwin.ts';
import { errorShiftStart, type ErrorShiftState, observeError } from './error-shift.ts';
import type { Finding } from './finding.ts';
import { pageHinkley, pageHinkleyDefaults, pageHinkleyStart, type PageHinkleyState } from './page-hinkley.ts';

const DAY_MS = 86_400_000;
/** A shift that took longer to be seen is small or slow. */
const FRESH_MS = 21 * DAY_MS;

/** Plain data: some hundred numbers, and the error of each of the last 400 blocks. */
export interface ErrorWatchState {
  readonly shift: ErrorShiftState;
  readonly adwin: AdwinState;
  readonly pageHinkley: PageHinkleyState;
}

export const errorWatchStart: ErrorWatchState = {
  shift: errorShiftStart,
  adwin: adwinStart,
  pageHinkley: pageHinkleyStart,
};

/** The realised error of one block. */
export interface ErrorOfBlock {
  readonly subject: string;
  /** What the error is, as a sentence names it: "the Brier score". */
  readonly measure: string;
  readonly from: number;
  readonly closedAt: number;
  readonly error: number;
  /** What it was when the version was made. */
  readonly usual: number;
  /** What else is told of the block with a shift. */
  readonly numbers: Readonly<Record<string, number>>;
}

/**
 * Whether the realised error has moved: a fresh shift of its level asks for a new model; one that took more than three weeks
 * to be seen is a warning, what ADWIN and Page-Hinkley say a note.
 */
export const watchError = (
  before: ErrorWatchState,
  { subject, measure, from, closedAt, error, usual, numbers }: ErrorOfBlock,
): { readonly state: ErrorWatchState; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const { state: shift, shift: moved } = observeError(before.shift, { from, error });
  const { found, ...detectors } = observeDetectors(before, error / usual);
  if (moved !== null) {
    const { changedAt, before: old, after, strength } = moved;
    const isFresh = closedAt - changedAt <= FRESH_MS;
    findings.push({
      kind: isFresh ? 'error-shift' : 'error-creep',
      subject,
      grade: isFresh ? 'retrain' : 'warning',
      at: closedAt,
      since: changedAt,
      text: `${measure} has moved from ${show(old)} to ${show(after)}`,
      numbers: { before: old, after, strength, ...numbers },
    });
  }
  for (const detector of found)
    findings.push({
      kind: 'block-detector',
      subject,
      grade: 'note',
      at: closedAt,
      since: from,
      text: `${detector} finds another level of ${measure} by day`,
      numbers: { error, reference: usual },
    });
  return { state: { shift, ...detectors }, findings };
};

/** On blocks of a day: ADWIN looks at each, Page-Hinkley lets a fifth of the usual error pass. */
const observeDetectors = (before: ErrorWatchState, relative: number) => {
  const window = adwin(before.adwin, relative, { ...adwinDefaults, clock: 1 });
  const page = pageHinkley(before.pageHinkley, relative, {
    ...pageHinkleyDefaults,
    delta: 0.2,
    threshold: 3,
  });
  const found = [...(window.found ? ['ADWIN'] : []), ...(page.found ? ['Page-Hinkley'] : [])];
  return { adwin: window, pageHinkley: page, found };
};

const show = (error: number): string => error.toFixed(3);
