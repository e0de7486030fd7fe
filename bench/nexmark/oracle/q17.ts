import { priceClass } from '../price-class.ts';
import { windowEnd } from '../times.ts';
import { largest, ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q17: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (inWindow, end) =>
      ofEachGroup(
        inWindow,
        ({ auction }) => auction,
        (bids, auction) => {
          const prices = bids.map(({ price }) => price);
          const sum = prices.reduce((total, price) => total + price, 0);
          const inClass = [0, 1, 2].map(
            (wanted) => prices.filter((price) => priceClass(price) === wanted).length,
          );
          const lowest = -largest(prices.map((price) => -price));
          const mean = Math.floor(sum / prices.length);
          return [[auction, end, prices.length, ...inClass, lowest, largest(prices), mean, sum]];
        },
      ),
  );
