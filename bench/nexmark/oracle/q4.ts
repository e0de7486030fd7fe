import { windowEnd } from '../times.ts';
import { grouped, largest, ofEachGroup } from './grouped.ts';
import { auctionsOf, bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q4: Oracle = (events) => {
  const bids = grouped(bidsOf(events), ({ auction }) => auction);
  const won = auctionsOf(events).flatMap(({ id, category, dateTime, expires }) => {
    const inTime = (bids.get(id) ?? []).filter((bid) => bid.dateTime >= dateTime && bid.dateTime <= expires);
    if (inTime.length === 0) return [];
    return [{ category, end: windowEnd(expires), price: largest(inTime.map(({ price }) => price)) }];
  });
  return ofEachGroup(
    won,
    ({ end }) => end,
    (inWindow, end) =>
      ofEachGroup(
        inWindow,
        ({ category }) => category,
        (inCategory, category) => {
          const sum = inCategory.reduce((total, { price }) => total + price, 0);
          return [[category, Math.floor(sum / inCategory.length), end]];
        },
      ),
  );
};
