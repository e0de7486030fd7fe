import type { Bid } from '../events.ts';
import { minuteOfDay, priceClass } from '../price-class.ts';
import { textNumber } from '../row-sum.ts';
import { windowEnd } from '../times.ts';
import { largest, ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

/** How many different values all bids have, and those of each price class. */
const distinct = (bids: readonly Bid[], valueOf: (bid: Bid) => unknown): readonly number[] => {
  const ofClass = (wanted: number): readonly Bid[] =>
    bids.filter(({ price }) => priceClass(price) === wanted);
  return [bids, ofClass(0), ofClass(1), ofClass(2)].map((some) => new Set(some.map(valueOf)).size);
};

export const q16: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (inWindow, end) =>
      ofEachGroup(
        inWindow,
        ({ channel }) => channel,
        (bids, channel) => [
          [
            textNumber(channel),
            end,
            largest(bids.map(({ dateTime }) => minuteOfDay(dateTime))),
            ...distinct(bids, (bid) => bid),
            ...distinct(bids, ({ bidder }) => bidder),
            ...distinct(bids, ({ auction }) => auction),
          ],
        ],
      ),
  );
