import { entryOf } from '../shipment-case.ts';
import { without } from './without.ts';

/** What is kept until a time. */
interface Kept {
  /** Log time at which something has to be done about it. */
  readonly until: number;
}

interface Sheet<T extends Kept> {
  /** The earliest of its entries. */
  readonly until: number;
  readonly entries: Readonly<Record<string, T>>;
}

/**
 * Entries by id, on up to 256 sheets. It is never changed in place: a change makes one sheet anew, not all of them, and
 * what is up next is known without a look at each entry. 20,000 entries: 80 are copied for one that comes or goes.
 */
export type Agenda<T extends Kept> = Readonly<Record<number, Sheet<T>>>;

const SHEETS = 256;

const sheetOf = (id: string): number => {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return hash & (SHEETS - 1);
};

const sheet = <T extends Kept>(entries: Readonly<Record<string, T>>): Sheet<T> => {
  let until = Infinity;
  for (const id in entries) until = Math.min(until, entries[id]!.until);
  return { until, entries };
};

export const noted = <T extends Kept>(agenda: Agenda<T>, id: string): T | undefined => {
  const entries = agenda[sheetOf(id)]?.entries;
  return entries === undefined ? undefined : entryOf(entries, id);
};

export const note = <T extends Kept>(agenda: Agenda<T>, id: string, entry: T): Agenda<T> => {
  const at = sheetOf(id);
  return { ...agenda, [at]: sheet({ ...agenda[at]?.entries, [id]: entry }) };
};

export const strike = <T extends Kept>(agenda: Agenda<T>, id: string): Agenda<T> => {
  const at = sheetOf(id);
  const entries = agenda[at]?.entries;
  if (entries === undefined || !Object.hasOwn(entries, id)) return agenda;
  const left = without(entries, id);
  return Object.keys(left).length === 0 ? without(agenda, String(at)) : { ...agenda, [at]: sheet(left) };
};

/** The earliest time of any entry; Infinity without one. */
export const upNext = <T extends Kept>(agenda: Agenda<T>): number => {
  let next = Infinity;
  for (const at in agenda) next = Math.min(next, agenda[at]!.until);
  return next;
};

/** Entries whose time has come by `now`; all of them by Infinity. */
export const upBy = <T extends Kept>(agenda: Agenda<T>, now: number): T[] =>
  Object.values(agenda)
    .filter(({ until }) => until <= now)
    .flatMap(({ entries }) => Object.values(entries).filter(({ until }) => until <= now));
