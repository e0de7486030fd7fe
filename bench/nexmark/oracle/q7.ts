import { windowEnd } from '../times.ts';
import { largest, ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q7: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (bids) => {
      const highest = largest(bids.map(({ price }) => price));
      return bids
        .filter(({ price }) => price === highest)
        .map(({ auction, bidder, price, dateTime }) => [auction, bidder, price, dateTime]);
    },
  );
