import { WINDOW_MS, windowEnd } from '../times.ts';
import { grouped, ofEachGroup } from './grouped.ts';
import { auctionsOf, personsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q8: Oracle = (events) => {
  const auctions = grouped(auctionsOf(events), ({ dateTime }) => windowEnd(dateTime));
  return ofEachGroup(
    personsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (persons, end) => {
      const sellers = new Set((auctions.get(end) ?? []).map(({ seller }) => seller));
      return persons.filter(({ id }) => sellers.has(id)).map(({ id }) => [id, end - WINDOW_MS]);
    },
  );
};
