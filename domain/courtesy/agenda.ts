/** What is kept until a time. */
interface Kept {
  readonly id: string;
  /** Log time at which something has to be done about it. */
  readonly until: number;
}

interface Sheet<T extends Kept> {
  /** The earliest of its entries. */
  readonly until: number;
  readonly entries: readonly T[];
}

/**
 * Entries by id, on 256 sheets, or none where there is no entry. It is never changed in place: a change makes one sheet
 * anew, not all of them, and what is up next is known without a look at each entry. 20,000 entries: 80 of them are
 * copied for one that comes or goes.
 */
export type Agenda<T extends Kept> = readonly Sheet<T>[];

const SHEETS = 256;
const empty: Sheet<never> = { until: Infinity, entries: [] };
const blank: Agenda<never> = Array.from({ length: SHEETS }, () => empty);

const sheetOf = (id: string): number => {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return hash & (SHEETS - 1);
};

const others = <T extends Kept>(agenda: Agenda<T>, id: string): T[] =>
  agenda[sheetOf(id)]?.entries.filter((entry) => entry.id !== id) ?? [];

const earliest = (all: readonly { readonly until: number }[]): number =>
  all.reduce((first, { until }) => Math.min(first, until), Infinity);

const withSheet = <T extends Kept>(agenda: Agenda<T>, id: string, entries: readonly T[]): Agenda<T> =>
  (agenda.length === 0 ? blank : agenda).with(sheetOf(id), { until: earliest(entries), entries });

export const noted = <T extends Kept>(agenda: Agenda<T>, id: string): T | undefined =>
  agenda[sheetOf(id)]?.entries.find((entry) => entry.id === id);

/** With this entry, instead of one of the same id. */
export const note = <T extends Kept>(agenda: Agenda<T>, entry: T): Agenda<T> =>
  withSheet(agenda, entry.id, [...others(agenda, entry.id), entry]);

export const strike = <T extends Kept>(agenda: Agenda<T>, id: string): Agenda<T> => {
  if (noted(agenda, id) === undefined) return agenda;
  const left = withSheet(agenda, id, others(agenda, id));
  return left.every(({ entries }) => entries.length === 0) ? [] : left;
};

/** The earliest time of any entry; Infinity without one. */
export const upNext = <T extends Kept>(agenda: Agenda<T>): number => earliest(agenda);

/** Entries whose time has come by `now`; all of them by Infinity. */
export const upBy = <T extends Kept>(agenda: Agenda<T>, now: number): T[] =>
  agenda
    .filter(({ until }) => until <= now)
    .flatMap(({ entries }) => entries.filter(({ until }) => until <= now));
